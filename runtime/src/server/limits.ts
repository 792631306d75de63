import type { ServerOptions } from "@grpc/grpc-js";

/**
 * Limits of a server for its callers. Sizes are in bytes and times in milliseconds. A time or
 * a burst of 0 and a size of -1 mean no limit.
 */
export interface ServerLimits {
  /**
   * Calls of one connection that run at a time. Further ones wait, up to 2 000 or to twice this
   * number, whichever is more; that is what callers are told, and most queue the rest themselves.
   */
  readonly maxConcurrentStreams: number;
  /**
   * Calls that a connection may reset in a burst. After more than that the server takes no further
   * calls from it, so that its caller connects again; running calls may finish.
   */
  readonly resetBurst: number;
  /** Resets per second that a connection may keep up. A cancelled call is one. */
  readonly resetsPerSecond: number;
  /** Size of a decompressed request. A larger one ends its call with RESOURCE_EXHAUSTED. */
  readonly maxReceiveMessageBytes: number;
  /** Size of a response. A larger one ends its call with RESOURCE_EXHAUSTED. */
  readonly maxSendMessageBytes: number;
  /**
   * Size of the metadata of a call as HTTP/2 counts it, tokens and trace ids included. More than that
   * is RESOURCE_EXHAUSTED. Beyond 64 KiB, Node itself may end the call or the connection.
   */
  readonly maxMetadataBytes: number;
  /** Time without data after which the server pings a connection. */
  readonly keepaliveTimeMs: number;
  /**
   * Time for the answer to such a ping. Without one, the connection is closed and its calls end.
   */
  readonly keepaliveTimeoutMs: number;
  /** Time for a new connection to finish its TLS handshake and send its first HTTP/2 frame. */
  readonly prefaceTimeoutMs: number;
  /**
   * Time for receiving the request of a unary or server streaming call, which otherwise ends with
   * DEADLINE_EXCEEDED. Pauses in a stream of requests are limited by keepalive and deadline only.
   */
  readonly requestTimeoutMs: number;
  /**
   * Age, plus or minus a tenth, at which a connection accepts no further calls, so that callers
   * spread over new servers.
   */
  readonly maxConnectionAgeMs: number;
  /** Time for the running calls of such a connection to finish. */
  readonly maxConnectionAgeGraceMs: number;
  /**
   * Bytes of a stream of requests that may be in transit or unread. HTTP/2's default of 64 KiB
   * limits a stream with 20 ms round trip to 3 MB/s. A call that does not read its requests holds
   * this memory.
   */
  readonly flowControlWindowBytes: number;
  /**
   * Time for which a caller may take nothing of what the server has to send to it. Then its call is
   * reset with ENHANCE_YOUR_CALM. A part of 64 KiB counts as progress.
   */
  readonly sendTimeoutMs: number;
  /**
   * Bytes that the server keeps for the callers of one connection: answers that they have not taken,
   * and, counted apart, requests that have not arrived in full. Beyond it, callers that have taken
   * nothing for five seconds lose their calls, and requests of more than 64 KiB wait for each other.
   */
  readonly maxBufferedBytesPerConnection: number;
  /** The same for all connections together. */
  readonly maxBufferedBytes: number;
  /**
   * Unary calls of all connections that run at a time. Further ones wait. Set it to
   * what the slowest thing behind the service can do at a time, such as twice a connection pool.
   * However high it is, fewer calls run while the event loop is late. 0 means no limit.
   */
  readonly maxRunningCalls: number;
  /**
   * Longest time that a call may wait for its start while the server is overloaded: when calls have
   * been waiting for half a second without a break. One with a deadline may wait for a tenth of its
   * time, but for 100 ms in any case. Then it ends with RESOURCE_EXHAUSTED and the advice to try again
   * in a second. Health checks never wait. 0 means no limit.
   */
  readonly maxWaitMs: number;
  /** Connections of a port at a time. Further ones are closed at once. 0 means no limit. */
  readonly maxConnections: number;
}

/** The limits of servers that set none. */
export const defaultServerLimits: ServerLimits = {
  maxConcurrentStreams: 100,
  resetBurst: 2_000,
  resetsPerSecond: 1_000,
  maxReceiveMessageBytes: 4 * 1024 * 1024,
  maxSendMessageBytes: 4 * 1024 * 1024,
  maxMetadataBytes: 16 * 1024,
  keepaliveTimeMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  prefaceTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  maxConnectionAgeMs: 30 * 60_000,
  maxConnectionAgeGraceMs: 30_000,
  flowControlWindowBytes: 1024 * 1024,
  sendTimeoutMs: 30_000,
  maxBufferedBytesPerConnection: 64 * 1024 * 1024,
  maxBufferedBytes: 256 * 1024 * 1024,
  maxRunningCalls: 0,
  maxWaitMs: 2_000,
  maxConnections: 10_000,
};

/** Node fires longer timers at once; grpc-js adds up to a tenth. */
const longestMs = 1_900_000_000;

/**
 * The limits that grpc-js itself enforces, for servers other than `GrpcServer`: `new
 * grpc.Server(channelOptionsOf(limits))`. Preface timeout, request timeout and flow-control window
 * are not among them.
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
