import { defaultServerLimits as defaults, type ServerLimits } from "../gen/runtime/index.ts";
import type { EnvReader } from "./env-reader.ts";

/** What one caller may take of this server; `ServerLimits` says more about each. */
export function readLimits(env: EnvReader): ServerLimits {
  const bytes = (name: string, about: string, fallback: number) =>
    env.integer(name, `${about}, in bytes`, fallback, { min: 1, max: 1_073_741_824 });
  const time = (name: string, about: string, fallback: number) =>
    env.integer(name, about, fallback, { min: 0, max: 86_400_000 });
  env.section("Limits of a connection; a time of 0 is no limit");
  return {
    maxReceiveMessageBytes: bytes(
      "MAX_RECEIVE_MESSAGE_BYTES",
      "largest request",
      defaults.maxReceiveMessageBytes,
    ),
    maxSendMessageBytes: bytes(
      "MAX_SEND_MESSAGE_BYTES",
      "largest response",
      defaults.maxSendMessageBytes,
    ),
    maxConcurrentStreams: env.integer(
      "MAX_CONCURRENT_STREAMS",
      "calls that a connection may have open at a time",
      defaults.maxConcurrentStreams,
      { min: 1, max: 1_000_000 },
    ),
    keepaliveTimeMs: time(
      "KEEPALIVE_TIME_MS",
      "a connection that is silent for so long gets a keepalive ping",
      defaults.keepaliveTimeMs,
    ),
    keepaliveTimeoutMs: time(
      "KEEPALIVE_TIMEOUT_MS",
      "and is closed when no answer comes in so long",
      defaults.keepaliveTimeoutMs,
    ),
    prefaceTimeoutMs: time(
      "PREFACE_TIMEOUT_MS",
      "time for a new connection to finish TLS and send the HTTP/2 preface",
      defaults.prefaceTimeoutMs,
    ),
    requestTimeoutMs: time(
      "REQUEST_TIMEOUT_MS",
      "time for the request to arrive, when there is only one; createPlainServer has no such limit",
      defaults.requestTimeoutMs,
    ),
    maxConnectionAgeMs: time(
      "MAX_CONNECTION_AGE_MS",
      "a connection of this age takes no more calls: callers spread over new servers",
      defaults.maxConnectionAgeMs,
    ),
    maxConnectionAgeGraceMs: time(
      "MAX_CONNECTION_AGE_GRACE_MS",
      "and its running calls have so much longer",
      defaults.maxConnectionAgeGraceMs,
    ),
    flowControlWindowBytes: env.integer(
      "FLOW_CONTROL_WINDOW_BYTES",
      "bytes of an upload under way and unread: more is faster over a distance, and takes memory",
      defaults.flowControlWindowBytes,
      { min: 65_535, max: 1_073_741_824 },
    ),
  };
}
