import type { RoomEvent } from "./event.ts";
import type { RoomLimits } from "./limits.ts";
import { firstId, isLater, type MessageId, parseMessageId } from "./message-id.ts";

/** What an event takes besides its texts, with the message that is made of it, and what a character takes. */
const [eventBytes, characterBytes] = [768, 5];

/**
 * The latest events of a room, at positions from 0 upwards. All members read from it, each from a position
 * of its own, so that one who reads slowly costs nothing but what the room keeps anyway.
 */
export class Backlog {
  readonly #limits: RoomLimits;
  /** The event at position n is in slot n modulo the limit. */
  readonly #slots: (RoomEvent | undefined)[] = [];
  #first = 0;
  #end = 0;
  #characters = 0;
  #lastId = firstId;

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** Position of the oldest event. */
  get first(): number {
    return this.#first;
  }

  /** Position of the next event. */
  get end(): number {
    return this.#end;
  }

  /** Bytes of memory, about: a text has up to two bytes a character, and up to three where it is encoded. */
  get bytes(): number {
    return (this.#end - this.#first) * eventBytes + this.#characters * characterBytes;
  }

  /** The id of the last message. */
  get lastId(): MessageId {
    return this.#lastId;
  }

  add(event: RoomEvent): void {
    if (this.#end - this.#first === this.#limits.backlog) this.#forget();
    this.#slots[this.#slot(this.#end)] = event;
    this.#end += 1;
    this.#characters += charactersOf(event);
    while (this.#characters > this.#limits.backlogCharacters && this.forgetOldest());
    if (event.kind === "message") this.#lastId = parseMessageId(event.id) ?? this.#lastId;
  }

  /** Forgets the oldest event, unless it is the last one. @returns whether it has */
  forgetOldest(): boolean {
    if (this.#first >= this.#end - 1) return false;
    this.#forget();
    return true;
  }

  /** Undefined beyond the end, and for what is no longer kept. */
  at(position: number): RoomEvent | undefined {
    if (position < this.#first || position >= this.#end) return undefined;
    return this.#slots[this.#slot(position)];
  }

  /**
   * Where a member begins to read that has joined now.
   *
   * @param after the last message that it has
   */
  startOf(after: MessageId | undefined): number {
    let start = this.#end;
    let messages = 0;
    for (let position = this.#end - 1; position >= this.#first; position -= 1) {
      const event = this.at(position);
      if (event?.kind !== "message") continue;
      const id = parseMessageId(event.id);
      if (after !== undefined && id !== undefined && !isLater(id, after)) break;
      if (messages === this.#limits.history) break;
      messages += 1;
      start = position;
    }
    return start;
  }

  #forget(): void {
    const slot = this.#slot(this.#first);
    const oldest = this.#slots[slot];
    this.#slots[slot] = undefined;
    this.#first += 1;
    if (oldest !== undefined) this.#characters -= charactersOf(oldest);
  }

  #slot(position: number): number {
    return position % this.#limits.backlog;
  }
}

function charactersOf(event: RoomEvent): number {
  return event.member.length + (event.kind === "message" ? event.text.length : 0);
}
