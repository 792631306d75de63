import { GrpcError } from "../error.ts";
import type { Backlog } from "./backlog.ts";
import type { Presence, RoomEvent } from "./event.ts";
import { isLater, type MessageId, parseMessageId } from "./message-id.ts";

/** What a member asks of its room. */
export interface MemberActions {
  send(text: string): Promise<void>;
  /** Called once. */
  leave(): void;
}

/** Who joins, and what of the room is news to them. */
export interface Arrival {
  readonly name: string;
  readonly present: Presence;
  /** Position of the first event to read. */
  readonly start: number;
  /** The last message that it has. */
  readonly after: MessageId | undefined;
  /** Position from which on it is told who comes and goes. */
  readonly joinedAt: number;
}

type Result = IteratorResult<RoomEvent, undefined>;

/**
 * One call in a room. Iterate over it for the events of the room: first the history, then what happens.
 * The iteration fails with RESOURCE_EXHAUSTED when the caller is further behind than the room keeps, and
 * with UNAVAILABLE when the server stops. A member that is no longer iterated over has left.
 */
export class Member implements AsyncIterableIterator<RoomEvent, undefined> {
  readonly name: string;
  /** Who was in the room when this member joined, itself included. */
  readonly present: Presence;
  readonly #backlog: Backlog;
  readonly #actions: MemberActions;
  readonly #joinedAt: number;
  #position: number;
  /** Undefined as soon as it has got a later one. */
  #after: MessageId | undefined;
  #waiting: { resolve(result: Result): void; reject(error: unknown): void } | undefined;
  /** Where the iteration ends, and with what. */
  #end: { readonly at: number; readonly error: unknown } | undefined;
  #left = false;

  constructor(arrival: Arrival, backlog: Backlog, actions: MemberActions) {
    this.name = arrival.name;
    this.present = arrival.present;
    this.#backlog = backlog;
    this.#actions = actions;
    this.#joinedAt = arrival.joinedAt;
    this.#after = arrival.after;
    this.#position = Math.max(arrival.start, backlog.first);
  }

  /**
   * Sends what `texts` yields while the room is iterated over. After the last text, and when `texts` fails,
   * the iteration goes on up to what was sent, and then ends in the same way.
   *
   * @returns this member, to iterate over
   */
  exchange(texts: AsyncIterable<string>): this {
    this.#sendAll(texts).then(
      () => this.end(),
      (error: unknown) => this.end(error),
    );
    return this;
  }

  /** Sends one message. Resolves when the room has it. */
  async send(text: string): Promise<void> {
    if (this.#left) throw new GrpcError("FAILED_PRECONDITION", "the member has left the room");
    await this.#actions.send(text);
  }

  /** Ends the iteration after what the room has so far. The first `end` counts. */
  end(error?: unknown): void {
    this.#end ??= { at: this.#backlog.end, error };
    // Later, so that members who end at the same time do not see each other leave.
    queueMicrotask(() => this.wake());
  }

  /** Drops a member of which the room no longer keeps the next event. */
  dropIfBehind(): void {
    if (this.#position >= this.#backlog.first || this.#left) return;
    const text = "messages were written faster than they were read: join again";
    const error = this.#end?.error ?? new GrpcError("RESOURCE_EXHAUSTED", text);
    this.#end = { at: this.#position, error };
    this.#leave();
  }

  /** Lets a pending `next()` look again. @returns whether it got something */
  wake(): boolean {
    const waiting = this.#waiting;
    if (waiting === undefined) return false;
    try {
      const result = this.#take();
      if (result === undefined) return false;
      this.#waiting = undefined;
      waiting.resolve(result);
    } catch (error) {
      this.#waiting = undefined;
      waiting.reject(error);
    }
    return true;
  }

  /** One at a time, as `for await` does. */
  async next(): Promise<Result> {
    if (this.#waiting !== undefined) throw new Error("the previous next() is still pending");
    const result = this.#take();
    if (result !== undefined) return result;
    return await new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Leaves the room. */
  async return(): Promise<Result> {
    this.#end = { at: this.#position, error: undefined };
    this.#leave();
    this.wake();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #sendAll(texts: AsyncIterable<string>): Promise<void> {
    for await (const text of texts) await this.send(text);
  }

  /** The next event, or the end. Undefined if neither is there. */
  #take(): Result | undefined {
    for (;;) {
      if (this.#end !== undefined && this.#position >= this.#end.at) return this.#finish(this.#end);
      const event = this.#backlog.at(this.#position);
      if (event === undefined) return undefined;
      this.#position += 1;
      if (this.#concerns(event)) return { done: false, value: event };
    }
  }

  #concerns(event: RoomEvent): boolean {
    if (event.kind !== "message") {
      return this.#position > this.#joinedAt && event.member !== this.name;
    }
    if (this.#after === undefined) return true;
    // The history of the store may come after the start.
    const id = parseMessageId(event.id);
    if (id !== undefined && !isLater(id, this.#after)) return false;
    this.#after = undefined;
    return true;
  }

  #finish({ at, error }: { readonly at: number; readonly error: unknown }): Result {
    this.#leave();
    if (error === undefined) return { done: true, value: undefined };
    // As with a generator, only the first `next()` rejects.
    this.#end = { at, error: undefined };
    throw error;
  }

  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#actions.leave();
  }
}
