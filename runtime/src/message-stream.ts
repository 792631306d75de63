import type { Message } from "@bufbuild/protobuf";

/** Where a stream gets its messages from. */
export interface MessageSource {
  /**
   * Takes the next message. Returns undefined if it has not arrived; the source then calls `arrived`
   * of the stream when it has.
   */
  takeMessage(): Message | undefined;
  /** Called when the consumer stops before the end. */
  cancel(): void;
}

type Result = IteratorResult<Message, undefined>;
type Resolve = (result: Result | Promise<Result>) => void;
type Reject = (error: unknown) => void;

/**
 * Messages in order of arrival, taken from their source only when the consumer asks for one, so
 * that backpressure reaches the sender. Like a generator, it can be consumed once.
 */
export class MessageStream implements AsyncIterableIterator<Message, undefined> {
  readonly #source: MessageSource;
  /** Settle the pending `next()`; both are undefined if no `next()` is pending. */
  #resolve: Resolve | undefined;
  #reject: Reject | undefined;
  /** The executor of the promises of `next()`. Created once per stream, not per message. */
  readonly #startWaiting = (resolve: Resolve, reject: Reject): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };
  /** Whether the last message has arrived. */
  #closed = false;
  /** Whether to drop messages that were not consumed. */
  #dropped = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: MessageSource) {
    this.#source = source;
  }

  /** To be called when the source has a message to take. */
  arrived(): void {
    if (this.#resolve === undefined) return;
    const value = this.#source.takeMessage();
    if (value !== undefined) this.#answer({ done: false, value });
  }

  /** To be called when the last message has arrived. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#answer({ done: true, value: undefined });
  }

  /** Fails the stream: messages that have arrived can still be consumed, then `next` rejects. */
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
    // This may call `fail`.
    const value = this.#dropped ? undefined : this.#source.takeMessage();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      // As with a generator, only the first `next()` rejects.
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
    if (open) this.#source.cancel();
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

  /** Handles a `next()` while another is pending: it runs when that one has settled. */
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
