import { defaultServerLimits as defaults, type ServerLimits } from "../server/limits.ts";
import type { EnvReader } from "./env-reader.ts";

/** Reads the limits of a server, see `ServerLimits`. Problems are collected in `env`. */
export function readLimits(env: EnvReader): ServerLimits {
  const { bytes, time } = readersOf(env);
  env.section("Limits (a time of 0 is no limit)");
  return {
    maxReceiveMessageBytes: bytes(
      "MAX_RECEIVE_MESSAGE_BYTES",
      "Largest request in bytes.",
      defaults.maxReceiveMessageBytes,
    ),
    maxSendMessageBytes: bytes(
      "MAX_SEND_MESSAGE_BYTES",
      "Largest response in bytes.",
      defaults.maxSendMessageBytes,
    ),
    maxRunningCalls: env.integer(
      "MAX_RUNNING_CALLS",
      "Unary calls that run at a time: twice a database pool, for example. 0 is no limit.",
      defaults.maxRunningCalls,
      { min: 0, max: 1_000_000 },
    ),
    maxConnectionAgeMs: time(
      "MAX_CONNECTION_AGE_MS",
      "Age at which a connection takes no more calls, so that callers spread over new servers.",
      defaults.maxConnectionAgeMs,
    ),
    ...env.unlisted(() => readFurtherLimits(env)),
  };
}

type ListedLimit =
  | "maxReceiveMessageBytes"
  | "maxSendMessageBytes"
  | "maxRunningCalls"
  | "maxConnectionAgeMs";

/** The limits that `.env.example` leaves out. */
function readFurtherLimits(env: EnvReader): Omit<ServerLimits, ListedLimit> {
  const { bytes, time } = readersOf(env);
  return {
    maxMetadataBytes: bytes(
      "MAX_METADATA_BYTES",
      "Largest metadata of a call in bytes, tokens included.",
      defaults.maxMetadataBytes,
    ),
    maxConcurrentStreams: env.integer(
      "MAX_CONCURRENT_STREAMS",
      "Calls of a connection that run at a time; further ones wait.",
      defaults.maxConcurrentStreams,
      { min: 1, max: 1_000_000 },
    ),
    resetBurst: env.integer(
      "RESET_BURST",
      "Cancelled calls in a burst after which a connection takes no more calls; 0 is no limit.",
      defaults.resetBurst,
      { min: 0, max: 1_000_000 },
    ),
    resetsPerSecond: env.integer(
      "RESETS_PER_SECOND",
      "Cancelled calls per second that a connection may keep up.",
      defaults.resetsPerSecond,
      { min: 1, max: 1_000_000 },
    ),
    keepaliveTimeMs: time(
      "KEEPALIVE_TIME_MS",
      "Idle time of a connection before a keepalive ping.",
      defaults.keepaliveTimeMs,
    ),
    keepaliveTimeoutMs: time(
      "KEEPALIVE_TIMEOUT_MS",
      "Time limit for the answer to a keepalive ping. Then the connection is closed.",
      defaults.keepaliveTimeoutMs,
    ),
    prefaceTimeoutMs: time(
      "PREFACE_TIMEOUT_MS",
      "Time limit for a new connection to finish TLS and send the HTTP/2 preface.",
      defaults.prefaceTimeoutMs,
    ),
    requestTimeoutMs: time(
      "REQUEST_TIMEOUT_MS",
      "Time limit for receiving the request message (unary and server streaming).",
      defaults.requestTimeoutMs,
    ),
    maxConnectionAgeGraceMs: time(
      "MAX_CONNECTION_AGE_GRACE_MS",
      "Time limit for the running calls of a connection that has reached MAX_CONNECTION_AGE_MS.",
      defaults.maxConnectionAgeGraceMs,
    ),
    flowControlWindowBytes: env.integer(
      "FLOW_CONTROL_WINDOW_BYTES",
      "Unread bytes per upload. More is faster over long distances and takes more memory.",
      defaults.flowControlWindowBytes,
      { min: 65_535, max: 1_073_741_824 },
    ),
    sendTimeoutMs: time(
      "SEND_TIMEOUT_MS",
      "Time limit for a caller to take the next 64 KiB of an answer.",
      defaults.sendTimeoutMs,
    ),
    maxBufferedBytesPerConnection: bytes(
      "MAX_BUFFERED_BYTES_PER_CONNECTION",
      "Bytes kept for a connection: unsent answers and, counted apart, unfinished requests.",
      defaults.maxBufferedBytesPerConnection,
    ),
    maxBufferedBytes: bytes(
      "MAX_BUFFERED_BYTES",
      "The same as MAX_BUFFERED_BYTES_PER_CONNECTION for all connections together.",
      defaults.maxBufferedBytes,
    ),
    maxWaitMs: time(
      "MAX_WAIT_MS",
      "Longest time that a call may wait for its start while the server is overloaded.",
      defaults.maxWaitMs,
    ),
    maxConnections: env.integer(
      "MAX_CONNECTIONS",
      "Connections at a time; further ones are closed. 0 is no limit.",
      defaults.maxConnections,
      { min: 0, max: 1_000_000 },
    ),
  };
}

function readersOf(env: EnvReader) {
  return {
    bytes: (name: string, about: string, fallback: number) =>
      env.integer(name, about, fallback, { min: 1, max: 1_073_741_824 }),
    time: (name: string, about: string, fallback: number) =>
      env.integer(name, about, fallback, { min: 0, max: 86_400_000 }),
  };
}
