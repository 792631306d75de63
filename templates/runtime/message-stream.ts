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

interface Waiter {
  resolve(
    result: IteratorResult<Message, undefined> | Promise<IteratorResult<Message, undefined>>,
  ): void;
  reject(error: unknown): void;
}

/**
 * Messages in the order they arrive, read one ahead of the consumer: backpressure reaches the
 * sender. Like a generator it can be consumed once.
 */
export class MessageStream implements AsyncIterableIterator<Message, undefined> {
  readonly #source: MessageSource;
  #buffer: Message | undefined;
  #waiter: Waiter | undefined;
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
    this.#waiter?.resolve({ done: true, value: undefined });
    this.#waiter = undefined;
  }

  /** The stream has failed: what was pushed can still be consumed, then `next` rejects. */
  fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#waiter === undefined) this.#failure = { error };
    else this.#waiter.reject(error);
    this.#waiter = undefined;
  }

  /** Fails at once: messages not yet consumed are dropped. */
  abort(error: unknown): void {
    this.#buffer = undefined;
    this.fail(error);
  }

  next(): Promise<IteratorResult<Message, undefined>> {
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
    return new Promise((resolve, reject) => {
      this.#waiter =
        this.#waiter === undefined
          ? { resolve, reject }
          : this.#both(this.#waiter, { resolve, reject });
      this.#read();
    });
  }

  return(): Promise<IteratorResult<Message, undefined>> {
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
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#buffer = message;
      return;
    }
    this.#waiter = undefined;
    waiter.resolve({ done: false, value: message });
    this.#read();
  }

  #read(): void {
    if (this.#reading || this.#closed || this.#buffer !== undefined) return;
    this.#reading = true;
    this.#source.read();
  }

  /** A second `next()` before the first is answered: rare, so it just asks again later. */
  #both(earlier: Waiter, later: Waiter): Waiter {
    return {
      resolve: (result) => {
        earlier.resolve(result);
        later.resolve(this.next());
      },
      reject: (error) => {
        earlier.reject(error);
        later.resolve({ done: true, value: undefined });
      },
    };
  }
}
