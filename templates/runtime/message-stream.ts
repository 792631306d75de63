import type { Message } from "@bufbuild/protobuf";

/** How a stream gets its messages and tells what became of it. */
export interface MessageSource {
  /** Asks for one more message; the answer is one `push`, `close` or `fail`. */
  read(): void;
  /** Makes a message of what was pushed; may throw or reject. */
  accept(raw: unknown): Message | Promise<Message>;
  /** `accept` failed with this error: it is the source that has to `fail` or `abort` the stream. */
  refuse(error: unknown): void;
  /** The consumer stopped before the end. */
  leave(): void;
}

type Result = IteratorResult<Message, undefined>;
type Resolve = (result: Result | Promise<Result>) => void;
type Reject = (error: unknown) => void;

/**
 * Messages in the order they arrive, read one ahead of the consumer: backpressure reaches the
 * sender. Like a generator it can be consumed once.
 */
export class MessageStream implements AsyncIterableIterator<Message, undefined> {
  readonly #source: MessageSource;
  #buffer: Message | undefined;
  /** Settle what the consumer waits for; undefined while it does not wait. */
  #resolve: Resolve | undefined;
  #reject: Reject | undefined;
  /** Made once, for there may be a wait for every message. */
  readonly #startWaiting = (resolve: Resolve, reject: Reject): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };
  /** A message has been asked for and is not yet accepted. */
  #reading = false;
  /** No further message will be pushed. */
  #closed = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: MessageSource) {
    this.#source = source;
  }

  /** A message has arrived. */
  push(raw: unknown): void {
    if (this.#closed) return;
    try {
      const message = this.#source.accept(raw);
      if (message instanceof Promise) {
        message.then(
          (accepted) => this.#add(accepted),
          (error: unknown) => this.#source.refuse(error),
        );
      } else {
        this.#add(message);
      }
    } catch (error) {
      this.#source.refuse(error);
    }
  }

  /** The last message has been pushed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#answer({ done: true, value: undefined });
  }

  /** The stream has failed: what was pushed can still be consumed, then `next` rejects. */
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
    this.#buffer = undefined;
    this.fail(error);
  }

  next(): Promise<Result> {
    const message = this.#buffer;
    if (message !== undefined) {
      this.#buffer = undefined;
      this.#read();
      return Promise.resolve({ done: false, value: message });
    }
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      // As with a generator, only the first one to ask is told.
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    const result = this.#resolve === undefined ? new Promise(this.#startWaiting) : this.#queue();
    this.#read();
    return result;
  }

  return(): Promise<Result> {
    const open = !this.#closed;
    this.#buffer = undefined;
    this.#failure = undefined;
    this.close();
    if (open) this.#source.leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #add(message: Message): void {
    this.#reading = false;
    if (this.#closed) return;
    if (this.#resolve === undefined) {
      this.#buffer = message;
      return;
    }
    this.#answer({ done: false, value: message });
    this.#read();
  }

  #read(): void {
    if (this.#reading || this.#closed || this.#buffer !== undefined) return;
    this.#reading = true;
    this.#source.read();
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
