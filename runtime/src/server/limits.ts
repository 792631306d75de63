import type { ServerOptions } from "@grpc/grpc-js";

/**
 * What callers may ask of a server. Sizes are bytes and times milliseconds; a time of 0 means no
 * limit, and so does a size of -1.
 */
export interface ServerLimits {
  /** Calls that one connection may have open at a time; further ones are refused, to be retried. */
  readonly maxConcurrentStreams: number;
  /** Largest request, decompressed; a larger one ends its call with RESOURCE_EXHAUSTED. */
  readonly maxReceiveMessageBytes: number;
  /** Largest response; a larger one ends its call with RESOURCE_EXHAUSTED. */
  readonly maxSendMessageBytes: number;
  /** A caller that says nothing for so long is asked for a sign of life ... */
  readonly keepaliveTimeMs: number;
  /** ... and is given up when it does not answer in so long: its calls end. */
  readonly keepaliveTimeoutMs: number;
  /** How long a new connection may take for its TLS handshake and the first frame of HTTP/2. */
  readonly prefaceTimeoutMs: number;
  /**
   * How long the only request of a unary or server streaming call may take to arrive; then the call
   * ends with DEADLINE_EXCEEDED. The gaps between the requests of a stream are the business of
   * keepalive and deadline.
   */
  readonly requestTimeoutMs: number;
  /**
   * Age, give or take a tenth, at which a connection takes no further call, so that callers spread
   * over new servers.
   */
  readonly maxConnectionAgeMs: number;
  /** How long the calls of such a connection may go on. */
  readonly maxConnectionAgeGraceMs: number;
  /**
   * How much of a stream of requests may be on its way or unread; HTTP/2's own 64 KiB let a stream
   * of 20 ms round trip carry 3 MB/s. A call that does not read its requests holds as much memory.
   */
  readonly flowControlWindowBytes: number;
}

/** What holds where nothing else is given. */
export const defaultServerLimits: ServerLimits = {
  maxConcurrentStreams: 100,
  maxReceiveMessageBytes: 4 * 1024 * 1024,
  maxSendMessageBytes: 4 * 1024 * 1024,
  keepaliveTimeMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  prefaceTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  maxConnectionAgeMs: 30 * 60_000,
  maxConnectionAgeGraceMs: 30_000,
  flowControlWindowBytes: 1024 * 1024,
};

/** Above it, and a tenth more, a timer of Node fires at once. */
const longestMs = 1_900_000_000;

/**
 * The limits that grpc-js itself enforces, for servers that `GrpcServer` does not build:
 * `new grpc.Server(channelOptionsOf(limits))`. Preface, request and flow control are not among them.
 */
export function channelOptionsOf(limits: Partial<ServerLimits> = {}): ServerOptions {
  const all = { ...defaultServerLimits, ...limits };
  return {
    "grpc.max_concurrent_streams": all.maxConcurrentStreams,
    "grpc.max_receive_message_length": all.maxReceiveMessageBytes,
    "grpc.max_send_message_length": all.maxSendMessageBytes,
    ...time("grpc.keepalive_time_ms", all.keepaliveTimeMs),
    ...time("grpc.keepalive_timeout_ms", all.keepaliveTimeoutMs),
    ...time("grpc.max_connection_age_ms", all.maxConnectionAgeMs),
    ...time("grpc.max_connection_age_grace_ms", all.maxConnectionAgeGraceMs),
  };
}

function time(option: keyof ServerOptions, ms: number): ServerOptions {
  return ms === 0 ? {} : { [option]: Math.min(ms, longestMs) };
}
