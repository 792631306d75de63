import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "../config/service.ts";
import type { ServiceInfo } from "../config/service-info.ts";
import { logDestination } from "./destination.ts";
import { redacted, redactedNames } from "./secrets.ts";

/** Passwords in URLs and bearer tokens anywhere in a text: error messages of libraries quote them. */
const credentials = /(:\/\/[^\s:@/"]*:)[^\s@/"]+(?=@)|(\bbearer\s+)[\w.~+/=-]+/gi;

/**
 * Makes a pino logger that writes JSON lines. Unless there is a buffer (`LOG_BUFFER_BYTES`), lines
 * are written at the end of the turn of the event loop, and warnings and errors at once, so that none is
 * lost when the process ends. Values of secret names (`authorization`, `cookie`, `password`, `secret`, `token`) at the
 * top level or one below are redacted, and so are credentials in any text. Still, log ids rather than
 * requests: requests hold personal data.
 *
 * @param config level, and the name and version that every line has
 * @param destination standard output by default
 */
export function createLogger(
  config: {
    readonly logLevel: LogLevel;
    readonly service: ServiceInfo;
    /** See `logDestination`. Default: 0. */
    readonly logBufferBytes?: number;
  },
  destination?: DestinationStream,
): Logger {
  const { name, version } = config.service;
  const options = {
    level: config.logLevel,
    base: { service: name, version },
    timestamp: isoTime(),
    redact: { paths: [...redactedNames], censor: redacted },
    formatters: { level: (label: string) => ({ level: label }), log: redactNested },
    serializers: { err: serializeError },
  };
  if (destination === undefined) {
    return pino(options, logDestination(config.logBufferBytes ?? 0, withoutCredentials));
  }
  return pino({ ...options, hooks: { streamWrite: withoutCredentials } }, destination);
}

/** @param lines one or more */
function withoutCredentials(lines: string): string {
  return lines.replace(credentials, `$1$2${redacted}`);
}

/** The time as pino writes it, which is made once for all lines of a millisecond. */
function isoTime(): () => string {
  let lastMs = Number.NaN;
  let text = "";
  return () => {
    const ms = Date.now();
    if (ms !== lastMs) {
      lastMs = ms;
      text = `,"time":"${new Date(ms).toISOString()}"`;
    }
    return text;
  };
}

/** A thrown value need not be an error. */
function serializeError(thrown: unknown): unknown {
  return thrown instanceof Error ? redact(pino.stdSerializers.err(thrown)) : thrown;
}

/** One level below the top. pino's own wildcard costs as much as the rest of the line. */
function redactNested(line: Record<string, unknown>): Record<string, unknown> {
  let redactedLine = line;
  for (const name in line) {
    const value = line[name];
    // serializeError handles errors later.
    if (typeof value !== "object" || value === null || value instanceof Error) continue;
    const safe = redact(value);
    if (safe !== value) redactedLine = { ...redactedLine, [name]: safe };
  }
  return redactedLine;
}

/** The object itself if it has no secret, else a copy without secrets. */
function redact(object: object): object {
  const names = redactedNames.filter((name) => Object.hasOwn(object, name));
  if (names.length === 0) return object;
  return { ...object, ...Object.fromEntries(names.map((name) => [name, redacted])) };
}
