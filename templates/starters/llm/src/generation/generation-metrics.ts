import type { CallSlots } from "grpc-service/concurrency";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Measures generations: their number, their speed, and the wait for their first token. */
export class GenerationMetrics {
  readonly #firstToken: Histogram;
  readonly #speed: Histogram;
  readonly #tokens: Counter;

  constructor(registry: Registry, slots: CallSlots) {
    const about = { registers: [registry] };
    this.#firstToken = new Histogram({
      ...about,
      name: "llm_time_to_first_token_seconds",
      help: "From the call to its first token, waiting for a slot included.",
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    });
    this.#speed = new Histogram({
      ...about,
      name: "llm_tokens_per_second",
      help: "Tokens of a generation after its first, by the time they took.",
      buckets: [1, 5, 10, 20, 30, 40, 50, 75, 100, 200, 500],
    });
    this.#tokens = new Counter({ ...about, name: "llm_tokens_total", help: "Tokens generated." });
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        ...about,
        name,
        help,
        collect() {
          this.set(value());
        },
      });
    gauge("llm_generations_running", "Generations with a slot.", () => slots.runningCount);
    gauge("llm_generations_waiting", "Generations that wait for one.", () => slots.waitingCount);
  }

  /**
   * Passes tokens on and measures them. A generation that ends early counts as far as it came.
   *
   * @param calledMs when the call began, by `performance.now()`
   */
  async *measure(tokens: AsyncIterable<string>, calledMs: number): AsyncIterable<string> {
    let count = 0;
    let firstMs = 0;
    let lastMs = 0;
    try {
      for await (const token of tokens) {
        lastMs = performance.now();
        if (count === 0) {
          firstMs = lastMs;
          this.#firstToken.observe((firstMs - calledMs) / 1000);
        }
        count += 1;
        yield token;
      }
    } finally {
      this.#tokens.inc(count);
      if (lastMs > firstMs) this.#speed.observe(((count - 1) * 1000) / (lastMs - firstMs));
    }
  }
}
