import type { Message } from "@bufbuild/protobuf";

/** Where the messages of a stream come from. */
export interface MessageSource {
  /** The next message, or undefined when none is there yet: `arrived` will tell of it. */
  takeMessage(): Message | undefined;
  /** The consumer stopped before the end. */
  leave(): void;
}

type Result = IteratorResult<Message, undefined>;
type Resolve = (result: Result | Promise<Result>) => void;
type Reject = (error: unknown) => void;

/**
 * Messages in the order they arrive, taken from their source only when the consumer asks: so
 * backpressure reaches the sender. Like a generator it can be consumed once.
 */
export class MessageStream implements AsyncIterableIterator<Message, undefined> {
  readonly #source: MessageSource;
  /** Settle what the consumer waits for; undefined while it does not wait. */
  #resolve: Resolve | undefined;
  #reject: Reject | undefined;
  /** Made once, for there may be a wait for every message. */
  readonly #startWaiting = (resolve: Resolve, reject: Reject): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };
  /** No further message will arrive. */
  #closed = false;
  /** What has arrived and was not consumed is not wanted any more. */
  #dropped = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: MessageSource) {
    this.#source = source;
  }

  /** The source has a message to take. */
  arrived(): void {
    if (this.#resolve === undefined) return;
    const value = this.#source.takeMessage();
    if (value !== undefined) this.#answer({ done: false, value });
  }

  /** The last message has arrived. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#answer({ done: true, value: undefined });
  }

  /** The stream has failed: what has arrived can still be consumed, then `next` rejects. */
  fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    const reject = this.#reject;
    if (reject === undefined) this.#failure = { error };
    else reject(error);
    this.#stopWaiting();
  }

  /** Fails at once: messages not yet consumed are dropped. */
  abort(error: unknown): void {
    this.#dropped = true;
    this.fail(error);
  }

  next(): Promise<Result> {
    if (this.#resolve !== undefined) return this.#queue();
    // May fail this stream.
    const value = this.#dropped ? undefined : this.#source.takeMessage();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      // As with a generator, only the first one to ask is told.
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise(this.#startWaiting);
  }

  return(): Promise<Result> {
    const open = !this.#closed;
    this.#dropped = true;
    this.#failure = undefined;
    this.close();
    if (open) this.#source.leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #answer(result: Result): void {
    const resolve = this.#resolve;
    this.#stopWaiting();
    resolve?.(result);
  }

  #stopWaiting(): void {
    this.#resolve = undefined;
    this.#reject = undefined;
  }

  /** A second `next()` before the first is answered: rare, so it just asks again later. */
  #queue(): Promise<Result> {
    const resolveEarlier = this.#resolve;
    const rejectEarlier = this.#reject;
    return new Promise((resolve) => {
      this.#resolve = (result) => {
        resolveEarlier?.(result);
        resolve(this.next());
      };
      this.#reject = (error) => {
        rejectEarlier?.(error);
        resolve({ done: true, value: undefined });
      };
    });
  }
}
