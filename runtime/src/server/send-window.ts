const maxMessages = 256;
const maxBytes = 256 * 1024;
/** Limit until the first message is sent: the call may have been cancelled before we see it. */
const firstMessages = 8;

/**
 * Counts the messages that grpc-js has not written yet. Many messages in flight let http2 combine
 * them into few writes. The limits keep a slow reader from filling the memory.
 */
export class SendWindow {
  #messages = 0;
  #bytes = 0;
  #onRoom: (() => void) | undefined;
  #onEmpty: (() => void) | undefined;
  readonly #pipelined: boolean;
  #limit: number;

  /** @param pipelined if false, one message at a time, and the status waits for the last one */
  constructor(pipelined: boolean) {
    this.#pipelined = pipelined;
    this.#limit = pipelined ? firstMessages : 1;
  }

  /**
   * Counts a message that is passed to grpc-js. If this returns a promise, await it before the next
   * message.
   */
  add(bytes: number): Promise<void> | undefined {
    this.#messages += 1;
    this.#bytes += bytes;
    if (this.#hasRoom()) return undefined;
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }

  /** Counts a message that was written. */
  remove(bytes: number): void {
    this.#messages -= 1;
    this.#bytes -= bytes;
    if (this.#pipelined) this.#limit = maxMessages;
    if (this.#hasRoom()) this.open();
    if (this.#messages === 0) this.#onEmpty?.();
  }

  /** Calls `end` when the status may follow the messages. */
  close(end: () => void): void {
    if (this.#pipelined || this.#messages === 0) end();
    else this.#onEmpty = end;
  }

  /** Resolves the pending promise of `add`, if any. */
  open(): void {
    const resume = this.#onRoom;
    this.#onRoom = undefined;
    resume?.();
  }

  #hasRoom(): boolean {
    return this.#messages < this.#limit && this.#bytes < maxBytes;
  }
}
