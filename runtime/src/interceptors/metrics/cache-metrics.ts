import { Counter, Gauge, type Registry } from "prom-client";
import type { CacheCounts } from "../../cache/counts.ts";

/** The counts of a cache of `grpc-service/cache`. */
export interface CountedCache {
  readonly name: string;
  readonly counts: Readonly<CacheCounts>;
  readonly size: number;
}

/** Options of `cacheMetrics`. */
export interface CacheMetricsOptions {
  readonly registry: Registry;
}

/** The caches that each registry counts. */
const counted = new WeakMap<Registry, CountedCache[]>();

/**
 * Registers the metrics of caches: hits, misses, loads, failures, invalidations and size. Further calls
 * add caches to the same metrics.
 *
 * @example
 * ```ts
 * cacheMetrics([users, orders], { registry });
 * ```
 */
export function cacheMetrics(
  caches: readonly CountedCache[],
  { registry }: CacheMetricsOptions,
): void {
  const known = counted.get(registry);
  if (known !== undefined) {
    known.push(...caches);
    return;
  }
  const all = [...caches];
  counted.set(registry, all);
  register(all, registry);
}

/** @param caches may grow later */
function register(caches: readonly CountedCache[], registry: Registry): void {
  const about = { registers: [registry] };
  const total = (
    what: string,
    help: string,
    values: Readonly<Record<string, keyof CacheCounts>>,
    label?: string,
  ) =>
    new Counter({
      ...about,
      name: `cache_${what}_total`,
      help,
      labelNames: label === undefined ? ["cache"] : ["cache", label],
      collect() {
        this.reset();
        for (const { name, counts } of caches) {
          for (const [value, count] of Object.entries(values)) {
            const labels = label === undefined ? {} : { [label]: value };
            this.inc({ cache: name, ...labels }, counts[count]);
          }
        }
      },
    });
  const layers = { memory: "hits", shared: "sharedHits" } as const;
  total("hits", "Values found, in memory or in the shared store.", layers, "layer");
  total("misses", "Values that were not in memory.", { all: "misses" });
  total("loads", "Loads of values; one may serve several misses.", { all: "loads" });
  total("load_failures", "Loads that have failed.", { all: "loadFailures" });
  total("store_failures", "What the shared store could not do.", { all: "storeFailures" });
  total("invalidations", "Keys invalidated by this process.", { all: "invalidations" });
  new Gauge({
    ...about,
    name: "cache_entries",
    help: "Values in memory.",
    labelNames: ["cache"],
    collect() {
      for (const { name, size } of caches) this.set({ cache: name }, size);
    },
  });
}
