import { firstId, isLater, type MessageId, parseMessageId } from "./message-id.ts";
import type { Room } from "./room.ts";
import type { StoredEvent, StoredMessage } from "./store.ts";

/** Events that are held back while the room reads what came before them. */
const maxHeld = 10_000;
/** Messages that the store may still send although the room has them. */
const maxGiven = 1000;

/**
 * Puts what arrives from the store into a room of this server: in order, each message once, and what was
 * missed before what has come since.
 */
export class Inbox {
  readonly room: Room;
  /** The last message of the store that the room has. */
  #last: MessageId = firstId;
  #lastText: string | undefined;
  /** What has arrived while the room reads. Undefined: it does not. */
  #held: StoredEvent[] | undefined = [];
  #reads = 0;
  #isBehind = true;
  /** Own messages that have not arrived, by their tokens. */
  readonly #expected = new Map<string, () => void>();
  /** Tokens of own messages that the room got without the store, which may have stored them. */
  readonly #given = new Set<string>();

  constructor(room: Room) {
    this.room = room;
  }

  /** Whether messages may be missing. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** The id of the last message of the store. */
  get last(): string | undefined {
    return this.#lastText;
  }

  /** From now on, holds back what arrives, until `deliver` is called with the result. */
  hold(): number {
    this.#held ??= [];
    this.#isBehind = true;
    this.#reads += 1;
    return this.#reads;
  }

  /**
   * Delivers what was missed, and what was held back.
   *
   * @param read the result of the `hold` before the reading; an older one is ignored
   * @param missed undefined: it could not be read
   */
  deliver(read: number, missed: readonly StoredMessage[] | undefined): void {
    if (read !== this.#reads) return;
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#isBehind = missed === undefined || held.length >= maxHeld;
    for (const event of [...(missed ?? []), ...held]) this.#apply(event);
  }

  receive(event: StoredEvent): void {
    if (this.#held === undefined) this.#apply(event);
    else if (this.#held.length < maxHeld) this.#held.push(event);
  }

  /** @returns resolves when the message with this token has arrived */
  expect(token: string): Promise<void> {
    return new Promise((resolve) => this.#expected.set(token, resolve));
  }

  /** Whether the message has not arrived. */
  isExpected(token: string): boolean {
    return this.#expected.has(token);
  }

  /** The message is no longer waited for: the room has it without the store. */
  give(token: string): void {
    this.#arrived(token);
    this.#given.add(token);
    const [oldest] = this.#given;
    if (this.#given.size > maxGiven && oldest !== undefined) this.#given.delete(oldest);
  }

  #apply(event: StoredEvent): void {
    if (event.kind !== "message") {
      this.room.append({ ...event, room: this.room.name, atMs: Date.now() });
      return;
    }
    const { id, token, member, text } = event;
    const parsed = parseMessageId(id);
    if (parsed === undefined || !isLater(parsed, this.#last)) return;
    this.#last = parsed;
    this.#lastText = id;
    if (!this.#given.delete(token)) {
      const room = this.room.name;
      this.room.append({ kind: "message", room, id, member, atMs: parsed.ms, text });
    }
    this.#arrived(token);
  }

  #arrived(token: string): void {
    this.#expected.get(token)?.();
    this.#expected.delete(token);
  }
}
