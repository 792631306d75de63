/**
 * Checks a dependency, such as a database: resolves if it works, throws or rejects if it does not.
 * The signal aborts at the timeout and when the server stops. End the check then: the next one
 * starts only when this one has settled.
 */
export type HealthCheck = (signal: AbortSignal) => Promise<void>;

/** When a check runs, and for how long. */
export interface ProbeOptions {
  /**
   * Milliseconds between two checks, plus or minus a tenth, so that replicas that started together
   * do not check at the same time. Default: 10 000.
   */
  readonly intervalMs?: number;
  /** Milliseconds after which a check has failed. Default: 5000. */
  readonly timeoutMs?: number;
}

/** The result of a check. */
export type ProbeResult =
  | { readonly passed: true }
  | { readonly passed: false; readonly error: unknown };

const oneDayMs = 86_400_000;

/** Repeats a check, one at a time, until it is stopped. It does not keep the process alive. */
export class Probe {
  readonly #check: HealthCheck;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #onChange: (result: ProbeResult) => void;
  readonly #firstResult: Promise<void>;
  #resolveFirst: () => void = () => {};
  #latest: ProbeResult | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: AbortController | undefined;
  #stopped = false;

  /**
   * @param onChange called with the first result, and with each that differs from the one before
   * @throws RangeError when a time is not between 1 ms and a day.
   */
  constructor(
    check: HealthCheck,
    { intervalMs = 10_000, timeoutMs = 5000 }: ProbeOptions,
    onChange: (result: ProbeResult) => void,
  ) {
    this.#check = check;
    this.#intervalMs = checkedTime("intervalMs", intervalMs);
    this.#timeoutMs = checkedTime("timeoutMs", timeoutMs);
    this.#onChange = onChange;
    this.#firstResult = new Promise((resolve) => {
      this.#resolveFirst = resolve;
    });
  }

  /** Whether the latest check has passed; false without a result. */
  get passing(): boolean {
    return this.#latest?.passed ?? false;
  }

  /** Starts with a check. Resolves at its result, or when the probe is stopped. */
  start(): Promise<void> {
    void this.#run();
    return this.#firstResult;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#running?.abort(new Error("the server is shutting down"));
    this.#resolveFirst();
  }

  async #run(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#timer = setTimeout(() => {
      const error = new Error(`no answer within ${this.#timeoutMs} ms`);
      running.abort(error);
      // At once: a check that ignores its signal may take long to settle.
      this.#record({ passed: false, error });
    }, this.#timeoutMs).unref();
    const result = await this.#result(running.signal);
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const pauseMs = this.#intervalMs * (0.9 + Math.random() / 5);
    this.#timer = setTimeout(() => this.#run(), pauseMs).unref();
    if (!running.signal.aborted) this.#record(result);
  }

  async #result(signal: AbortSignal): Promise<ProbeResult> {
    try {
      await this.#check(signal);
      return { passed: true };
    } catch (error) {
      return { passed: false, error };
    }
  }

  #record(result: ProbeResult): void {
    const hasChanged = result.passed !== this.#latest?.passed;
    this.#latest = result;
    this.#resolveFirst();
    if (hasChanged) this.#onChange(result);
  }
}

function checkedTime(name: string, ms: number): number {
  if (ms >= 1 && ms <= oneDayMs) return ms;
  throw new RangeError(`${name} must be between 1 and ${oneDayMs}, not ${ms}`);
}
