/** What has happened in a cache since it was made. */
export interface CacheCounts {
  /** Values that were in the memory of this process. */
  hits: number;
  /** Values that were not. One load may serve several. */
  misses: number;
  /** Misses that the shared store had a value for. */
  sharedHits: number;
  loads: number;
  loadFailures: number;
  /** Reads, writes and invalidations that the shared store could not do. */
  storeFailures: number;
  /** Keys that this process has invalidated. */
  invalidations: number;
}

export function noCounts(): CacheCounts {
  return {
    hits: 0,
    misses: 0,
    sharedHits: 0,
    loads: 0,
    loadFailures: 0,
    storeFailures: 0,
    invalidations: 0,
  };
}
