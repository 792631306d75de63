import type { Message } from "@bufbuild/protobuf";

/** How a stream gets its messages and tells what became of it. */
export interface MessageSource {
  /** Asks for one more message; the answer is one `push`, `close` or `fail`. */
  read(): void;
  /** Makes a message of what was pushed; may throw or reject to end the stream. */
  accept(raw: unknown): Message | Promise<Message>;
  /** `accept` failed: the call has to end with this error. */
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
  #buffer: Message | Promise<Message> | undefined;
  #waiter: Waiter | undefined;
  #reading = false;
  /** No further message will be pushed. */
  #closed = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: MessageSource) {
    this.#source = source;
  }

  /** A message has arrived. */
  push(raw: unknown): void {
    this.#reading = false;
    if (this.#closed) return;
    let message: Message | Promise<Message>;
    try {
      message = this.#source.accept(raw);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    if (message instanceof Promise) message.catch((error: unknown) => this.#refuse(error));
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#buffer = message;
      return;
    }
    this.#waiter = undefined;
    deliver(waiter, message);
    this.#read();
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
    this.#failure = { error };
    this.#waiter?.reject(error);
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
      return resultOf(message);
    }
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      // As with a generator, only the first one to ask is told.
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      const earlier = this.#waiter;
      this.#waiter = { resolve, reject };
      if (earlier !== undefined) this.#queueBehind(earlier, { resolve, reject });
      else this.#read();
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

  #read(): void {
    if (this.#reading || this.#closed || this.#buffer !== undefined) return;
    this.#reading = true;
    this.#source.read();
  }

  #refuse(error: unknown): void {
    this.abort(error);
    this.#source.refuse(error);
  }

  /** A second `next()` before the first is answered: rare, so it just asks again later. */
  #queueBehind(earlier: Waiter, later: Waiter): void {
    this.#waiter = {
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

function deliver(waiter: Waiter, message: Message | Promise<Message>): void {
  waiter.resolve(message instanceof Promise ? resultOf(message) : { done: false, value: message });
}

async function resultOf(
  message: Message | Promise<Message>,
): Promise<IteratorResult<Message, undefined>> {
  return { done: false, value: await message };
}
