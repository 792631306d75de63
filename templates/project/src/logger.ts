import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config.ts";
import { serviceName, serviceVersion } from "./version.ts";

const secrets = ["authorization", "cookie", "password", "secret", "token"];

/** Stands where a secret would. */
export const redacted = "[Redacted]";

/** Whether what has this name is a secret: `password`, `new_password`, `refreshToken`. */
export function isSecretName(name: string): boolean {
  return secrets.some((secret) => name.toLowerCase().includes(secret));
}

/** Passwords in URLs and bearer tokens, wherever in a text: errors of others may quote them. */
const credentials = /(:\/\/[^\s:@/"]*:)[^\s@/"]+(?=@)|(\bbearer\s+)[\w.~+/=-]+/gi;

/**
 * JSON lines, on standard output unless told otherwise, each written at once: none is lost when the
 * process ends. Whatever is logged under a name in `secrets`, at the top or one level below, is
 * replaced, and credentials in any text are; still, log ids rather than requests, which hold personal
 * data.
 */
export function createLogger(
  config: Pick<Config, "logLevel">,
  destination: DestinationStream = pino.destination({ sync: true }),
): Logger {
  const options = {
    level: config.logLevel,
    base: { service: serviceName, version: serviceVersion },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets, censor: redacted },
    formatters: { level: (label: string) => ({ level: label }), log: hideNested },
    serializers: { err: serializeError },
    hooks: { streamWrite: (line: string) => line.replace(credentials, `$1$2${redacted}`) },
  };
  return pino(options, destination);
}

/** Whatever was thrown, which need not be an error. */
function serializeError(thrown: unknown): unknown {
  return thrown instanceof Error ? hideSecrets(pino.stdSerializers.err(thrown)) : thrown;
}

/** One level below the top of a line. A wildcard of `redact` costs as much as all the rest of the line. */
function hideNested(line: Record<string, unknown>): Record<string, unknown> {
  let shown = line;
  for (const [name, value] of Object.entries(line)) {
    // Errors are for serializeError, which comes later.
    if (typeof value !== "object" || value === null || value instanceof Error) continue;
    const hidden = hideSecrets(value);
    if (hidden !== value) shown = { ...shown, [name]: hidden };
  }
  return shown;
}

/** The object itself when it holds no secret, else a copy without them. */
function hideSecrets(object: object): object {
  const names = secrets.filter((secret) => Object.hasOwn(object, secret));
  if (names.length === 0) return object;
  return { ...object, ...Object.fromEntries(names.map((name) => [name, redacted])) };
}
