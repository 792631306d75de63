/**
 * Finds out whether something works, a database say: resolves when it does, throws or rejects when it
 * does not. Heed the signal, which aborts when the time is up or the server stops: there is no other
 * check before this one has settled.
 */
export type HealthCheck = (signal: AbortSignal) => Promise<void>;

export interface ProbeOptions {
  /**
   * Milliseconds between two checks, 10 000 by default; give or take a tenth, so that replicas that
   * started together do not check together.
   */
  readonly intervalMs?: number;
  /** Milliseconds after which a check has failed, 5000 by default. */
  readonly timeoutMs?: number;
}

/** What a check has found out. */
export type ProbeResult =
  | { readonly passed: true }
  | { readonly passed: false; readonly error: unknown };

const oneDayMs = 86_400_000;

/** Runs a check again and again, one at a time, until it is stopped. It keeps no process alive. */
export class Probe {
  readonly #check: HealthCheck;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #onChange: (result: ProbeResult) => void;
  readonly #begun: Promise<void>;
  #begin: () => void = () => {};
  #latest: ProbeResult | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: AbortController | undefined;
  #stopped = false;

  /**
   * @param onChange told of the first result, and of each that differs from the one before
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
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  /** Whether the latest check has passed; false before there is a result. */
  get passing(): boolean {
    return this.#latest?.passed ?? false;
  }

  /** Begins with a check. Settled when there is a result, or the probe is stopped. */
  start(): Promise<void> {
    void this.#run();
    return this.#begun;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#running?.abort(new Error("the server is shutting down"));
    this.#begin();
  }

  async #run(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#timer = setTimeout(() => {
      const error = new Error(`no answer within ${this.#timeoutMs} ms`);
      running.abort(error);
      // Now: a check that does not heed its signal may take long to settle.
      this.#learn({ passed: false, error });
    }, this.#timeoutMs).unref();
    const result = await this.#result(running.signal);
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const pauseMs = this.#intervalMs * (0.9 + Math.random() / 5);
    this.#timer = setTimeout(() => this.#run(), pauseMs).unref();
    if (!running.signal.aborted) this.#learn(result);
  }

  async #result(signal: AbortSignal): Promise<ProbeResult> {
    try {
      await this.#check(signal);
      return { passed: true };
    } catch (error) {
      return { passed: false, error };
    }
  }

  #learn(result: ProbeResult): void {
    const isNews = result.passed !== this.#latest?.passed;
    this.#latest = result;
    this.#begin();
    if (isNews) this.#onChange(result);
  }
}

function checkedTime(name: string, ms: number): number {
  if (ms >= 1 && ms <= oneDayMs) return ms;
  throw new RangeError(`${name} must be between 1 and ${oneDayMs}, not ${ms}`);
}
