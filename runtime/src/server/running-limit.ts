/** Time between two looks at the event loop, in milliseconds. */
const lookMs = 20;
/** A later look means that the event loop does not keep up, in milliseconds. */
const lateMs = 40;
const decrease = 0.8;
const increase = 1.25;
/** Few enough that the event loop is not what limits them. */
const fewest = 4;
/** Time without calls after which the past does not count, in milliseconds. */
const forgetMs = 1_000;

/**
 * How many calls may run at a time: as many as the limit says, and fewer while the event loop is
 * late. What handlers compute after they have waited for something cannot be seen when they start,
 * but the more of them run, the later each is.
 *
 * The number falls at once and rises step by step, like the window of TCP.
 */
export class RunningLimit {
  readonly #most: number;
  readonly #onRoom: () => void;
  readonly #onWait: () => void;
  #limit: number;
  #running = 0;
  /** Whether a call waits. */
  #isWaitedFor = false;
  #timer: NodeJS.Timeout | undefined;
  #lookedMs = 0;
  #restingSinceMs = 0;

  /**
   * @param most 0 means no limit
   * @param onRoom called when a call that waits may start
   * @param onWait called now and then while a call waits: to end what counts without a reason
   */
  constructor(most: number, onRoom: () => void, onWait: () => void = () => {}) {
    this.#most = most === 0 ? Number.POSITIVE_INFINITY : most;
    this.#limit = this.#most;
    this.#onRoom = onRoom;
    this.#onWait = onWait;
  }

  /** To be asked for a call that wants to start. */
  get hasRoom(): boolean {
    this.#isWaitedFor = this.#running >= this.#limit;
    if (this.#isWaitedFor && this.#timer === undefined) this.#watch();
    return !this.#isWaitedFor;
  }

  start(): void {
    this.#running += 1;
    if (this.#running > fewest && this.#timer === undefined) this.#watch();
  }

  end(): void {
    this.#running -= 1;
    if (this.#isWaitedFor && this.#running < this.#limit) this.#onRoom();
  }

  #watch(): void {
    this.#lookedMs = performance.now();
    if (this.#lookedMs - this.#restingSinceMs > forgetMs) this.#limit = this.#most;
    this.#timer = setInterval(() => this.#look(), lookMs).unref();
  }

  #look(): void {
    const nowMs = performance.now();
    const passedMs = nowMs - this.#lookedMs;
    this.#lookedMs = nowMs;
    if (passedMs > lookMs + lateMs) {
      const fewer = Math.floor(Math.min(this.#limit, this.#running) * decrease);
      this.#limit = Math.min(this.#most, Math.max(fewest, fewer));
    } else if (this.#isWaitedFor) {
      this.#limit = Math.min(this.#most, Math.ceil(this.#limit * increase));
    }
    if (this.#isWaitedFor) this.#onWait();
    if (this.#isWaitedFor && this.#running < this.#limit) this.#onRoom();
    else if (this.#running === 0) this.#rest();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#restingSinceMs = performance.now();
  }
}
