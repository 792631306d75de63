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
 * JSON lines, on standard output unless told otherwise. Whatever is logged under a name in
 * `secrets`, at the top or one level below, is replaced, and credentials in any text are; still, log
 * ids rather than requests, which hold personal data.
 */
export function createLogger(
  config: Pick<Config, "logLevel">,
  destination: DestinationStream = pino.destination({ sync: true }),
): Logger {
  const options = {
    level: config.logLevel,
    base: { service: serviceName, version: serviceVersion },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secrets.flatMap((secret) => [secret, `*.${secret}`]), censor: redacted },
    hooks: { streamWrite: (line: string) => line.replace(credentials, `$1$2${redacted}`) },
  };
  return pino(options, destination);
}
