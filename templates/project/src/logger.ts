import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config.ts";
import { serviceName, serviceVersion } from "./version.ts";

const secrets = ["authorization", "cookie", "password", "secret", "token"];

/**
 * JSON lines, on standard output unless told otherwise. Whatever is logged under a name in `secrets`, at the top or one
 * level below, is replaced; still, log ids rather than requests, which hold personal data.
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
    redact: secrets.flatMap((secret) => [secret, `*.${secret}`]),
  };
  return pino(options, destination);
}
