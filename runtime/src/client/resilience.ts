import type { StatusCode } from "../status-code.ts";

/** What a client does about servers that fail, are slow, come and go. */
export interface ResilienceSettings {
  /** Retries of safe methods after UNAVAILABLE. Enabled by default; false disables them. */
  readonly retry?: RetrySettings | false;
  /** Sends calls that take long to another server as well. */
  readonly hedging?: HedgingSettings;
  /** Leaves servers out for a while that fail too often. Uses all servers, as `round_robin` does. */
  readonly outlierEjection?: OutlierEjectionSettings;
  /**
   * `pick_first`, the default, uses the first server that it can connect to. `round_robin` uses all
   * of them in turn. A name (`dns:///users:50051`) or a list (`ipv4:10.0.0.1:50051,10.0.0.2:50051`)
   * can stand for several servers.
   */
  readonly loadBalancing?: LoadBalancing;
}

/** How calls are distributed over the servers behind one address. */
export type LoadBalancing = "pick_first" | "round_robin";

/**
 * Retries after UNAVAILABLE of methods that are safe to repeat: those marked in the proto
 * (`option idempotency_level = NO_SIDE_EFFECTS` or `IDEMPOTENT`) and those named here. A call is
 * retried until its deadline, but not after it has received something, or if its requests exceed
 * 64 KiB (`grpc.per_rpc_retry_buffer_size` in `channelOptions`).
 */
export interface RetrySettings {
  /** Further methods that are safe to repeat, such as `user.UserService/GetUser`. */
  readonly methods?: readonly string[];
  /** Maximum number of attempts, including the first. Default: 4. */
  readonly maxAttempts?: number;
  /** Milliseconds before the first retry, plus or minus a fifth. Default: 100. */
  readonly initialBackoffMs?: number;
  /** Maximum of the milliseconds before a retry. Default: 1000. */
  readonly maxBackoffMs?: number;
  /** Factor by which the delay grows from retry to retry. Default: 2. */
  readonly backoffMultiplier?: number;
}

/**
 * Hedging (gRFC A6): when a call has no answer after a while, it is sent again, usually to another
 * server, and the first answer counts. It makes the slowest calls faster and costs servers more work.
 * These methods are hedged instead of retried.
 */
export interface HedgingSettings {
  /** Methods that may run several times, such as `user.UserService/GetUser`. */
  readonly methods: readonly string[];
  /** Maximum number of attempts, including the first: 2 to 5. Default: 2. */
  readonly maxAttempts?: number;
  /** Milliseconds without an answer before the next attempt: longer than most calls take. */
  readonly delayMs: number;
  /** Statuses of one attempt after which the others go on. Default: UNAVAILABLE. */
  readonly nonFatal?: readonly StatusCode[];
}

/**
 * Outlier ejection (gRFC A50). In each interval, servers with enough calls are left out if too many of
 * these failed. Every status but OK counts, NOT_FOUND as well.
 */
export interface OutlierEjectionSettings {
  /** Milliseconds between two looks at the servers. Default: 10000. */
  readonly intervalMs?: number;
  /** Milliseconds that a server is left out, times the number of its ejections. Default: 30000. */
  readonly ejectionMs?: number;
  /** Maximum of that. Default: 300000. */
  readonly maxEjectionMs?: number;
  /** Percentage of the servers that may be left out at a time. Default: 50. */
  readonly maxEjectedPercent?: number;
  /** Percentage of calls that must have failed. Default: 85. */
  readonly failurePercent?: number;
  /** Calls that a server must have had in an interval to be judged. Default: 20. */
  readonly minCalls?: number;
  /** Servers that must have had so many calls before one is left out. Default: 2. */
  readonly minServers?: number;
}
