/** Time for which streams send before the event loop has its turn, in milliseconds. */
const turnMs = 5;
/** Messages between two looks at the clock. */
const messagesPerLook = 16;
/** Streams that go on in the next turn, at most; the others after them. */
const streamsPerTurn = 64;

/**
 * Shares the event loop between all streams that send and everything else. One stream is held back
 * by its own window. Many at once, each with a window of its own, would keep the loop for seconds.
 */
export class SendTurns {
  #endMs = 0;
  #messages = 0;
  #running = false;
  #waiting: (() => void)[] = [];

  /** To be called after each message. If this returns a promise, await it before the next message. */
  next(): Promise<void> | undefined {
    this.#messages += 1;
    if (this.#messages % messagesPerLook !== 0) return undefined;
    const nowMs = performance.now();
    if (!this.#running) this.#start(nowMs);
    if (nowMs < this.#endMs) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #start(nowMs: number): void {
    this.#running = true;
    this.#endMs = nowMs + turnMs;
    setImmediate(() => this.#end());
  }

  #end(): void {
    this.#running = false;
    if (this.#waiting.length === 0) return;
    this.#start(performance.now());
    for (const resume of this.#waiting.splice(0, streamsPerTurn)) resume();
  }
}

/** All streams of a process share its event loop. */
export const sendTurns: SendTurns = new SendTurns();
