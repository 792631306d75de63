import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { MessageHook } from "../../call.ts";
import { contextFree } from "../../message-hooks.ts";
import type { MethodInfo } from "../../method.ts";
import type { StatusCode } from "../../status-code.ts";
import { codeLabel, codeLabels, labelsOf, type MethodLabels, methodLabels } from "./labels.ts";

/** Counters of one method. */
export class CallTally {
  readonly labels: MethodLabels;
  started = 0;
  /** Calls that have not ended yet. */
  running = 0;
  requests = 0;
  responses = 0;
  /** Ended calls by `grpc_code`. */
  readonly ended: Map<string, number> = new Map(codeLabels.map((code) => [code, 0]));
  // Created once per method rather than per call.
  readonly countRequest: MessageHook = contextFree(() => {
    this.requests += 1;
  });
  readonly countResponse: MessageHook = contextFree(() => {
    this.responses += 1;
  });

  constructor(method: MethodInfo) {
    this.labels = labelsOf(method);
  }

  countEnd(code: StatusCode | "OK"): void {
    const label = codeLabel(code);
    this.ended.set(label, (this.ended.get(label) ?? 0) + 1);
  }
}

/** Options of `CallTallies`. */
export interface CallTalliesOptions {
  readonly registry: Registry;
  readonly side: "server" | "client";
  readonly buckets: readonly number[];
}

/** Counts in plain numbers, which is cheap per call. They become metrics when Prometheus reads them. */
export class CallTallies {
  /** By the path of the method. */
  readonly #tallies = new Map<string, CallTally>();
  readonly #seconds: Histogram;

  constructor({ registry, side, buckets }: CallTalliesOptions) {
    const tallies = this.#tallies;
    const about = { labelNames: methodLabels, registers: [registry] };
    new Gauge({
      ...about,
      name: `grpc_${side}_in_flight`,
      help: "Calls that are running.",
      collect() {
        for (const { labels, running } of tallies.values()) this.set(labels, running);
      },
    });
    const total = (what: string, help: string, count: (tally: CallTally) => number) =>
      new Counter({
        ...about,
        name: `grpc_${side}_${what}_total`,
        help,
        collect() {
          this.reset();
          for (const tally of tallies.values()) this.inc(tally.labels, count(tally));
        },
      });
    total("started", "Calls that have begun.", (tally) => tally.started);
    const served = side === "server";
    total("msg_received", "Messages received.", (tally) =>
      served ? tally.requests : tally.responses,
    );
    total("msg_sent", "Messages sent.", (tally) => (served ? tally.responses : tally.requests));
    new Counter({
      ...about,
      name: `grpc_${side}_handled_total`,
      help: "Calls that have ended, by status code.",
      labelNames: [...methodLabels, "grpc_code"],
      collect() {
        this.reset();
        for (const { labels, ended } of tallies.values()) {
          for (const [code, count] of ended) this.inc({ ...labels, grpc_code: code }, count);
        }
      },
    });
    this.#seconds = new Histogram({
      ...about,
      name: `grpc_${side}_handling_seconds`,
      help: "Duration of calls in seconds, refused calls included.",
      buckets: [...buckets],
    });
  }

  /** The tally of a method. It is made when the method is prepared, or else by the first call. */
  of(method: MethodInfo): CallTally {
    const found = this.#tallies.get(method.path);
    if (found !== undefined) return found;
    const tally = new CallTally(method);
    this.#tallies.set(method.path, tally);
    this.#seconds.zero(tally.labels);
    return tally;
  }

  entries(): Iterable<[path: string, tally: CallTally]> {
    return this.#tallies;
  }

  /** Counts the end of a call that has run for `seconds`. */
  end(tally: CallTally, code: StatusCode | "OK", seconds: number): void {
    tally.running -= 1;
    tally.countEnd(code);
    this.#seconds.observe(tally.labels, seconds);
  }
}
