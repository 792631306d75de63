const maxMessages = 256;
const maxBytes = 256 * 1024;
/** Until the first message is on its way: the caller may have left before its call was heard of. */
const firstMessages = 8;

/**
 * Counts what has been handed to grpc-js and is not yet on its way. Many messages in flight let
 * http2 put them into few writes; the bounds keep a slow reader from filling the memory.
 */
export class SendWindow {
  #messages = 0;
  #bytes = 0;
  #room: (() => void) | undefined;
  #empty: (() => void) | undefined;
  readonly #pipelined: boolean;
  #limit: number;

  /** @param pipelined false: one message at a time, and the end waits for the last one */
  constructor(pipelined: boolean) {
    this.#pipelined = pipelined;
    this.#limit = pipelined ? firstMessages : 1;
  }

  /** A message goes out. A promise means: wait for room before the next one. */
  add(bytes: number): Promise<void> | undefined {
    this.#messages += 1;
    this.#bytes += bytes;
    if (this.#hasRoom()) return undefined;
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  /** A message is on its way. */
  remove(bytes: number): void {
    this.#messages -= 1;
    this.#bytes -= bytes;
    if (this.#pipelined) this.#limit = maxMessages;
    if (this.#hasRoom()) this.open();
    if (this.#messages === 0) this.#empty?.();
  }

  /** Calls `end` when it may follow the messages. */
  close(end: () => void): void {
    if (this.#pipelined || this.#messages === 0) end();
    else this.#empty = end;
  }

  /** Lets everybody go who waits for room: the call is over. */
  open(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }

  #hasRoom(): boolean {
    return this.#messages < this.#limit && this.#bytes < maxBytes;
  }
}
