import { Counter, Gauge, type Registry } from "prom-client";
import type { MessageHook } from "../../call.ts";
import { contextFree } from "../../message-hooks.ts";
import type { MethodInfo } from "../../method.ts";

export const methodLabels = ["grpc_service", "grpc_method", "grpc_type"] as const;

/** Counters of one method. */
export class CallTally {
  readonly labels: Readonly<Record<(typeof methodLabels)[number], string>>;
  started = 0;
  /** Calls that have not ended yet. */
  running = 0;
  requests = 0;
  responses = 0;
  /** Ended calls by status code. */
  readonly ended: Map<string, number> = new Map();
  // Created once per method rather than per call.
  readonly countRequest: MessageHook = contextFree(() => {
    this.requests += 1;
  });
  readonly countResponse: MessageHook = contextFree(() => {
    this.responses += 1;
  });

  constructor({ service, name, kind }: MethodInfo) {
    this.labels = { grpc_service: service, grpc_method: name, grpc_type: kind };
  }
}

/** Counts in plain numbers, which is cheap per call. They become metrics when Prometheus reads them. */
export class CallTallies {
  readonly #tallies = new Map<string, CallTally>();

  constructor(registry: Registry, side: "server" | "client") {
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
  }

  of(method: MethodInfo): CallTally {
    const found = this.#tallies.get(method.path);
    if (found !== undefined) return found;
    const tally = new CallTally(method);
    this.#tallies.set(method.path, tally);
    return tally;
  }
}
