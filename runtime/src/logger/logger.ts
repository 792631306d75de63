/** Writes one line: fields and a text, or a text alone. */
interface WriteLine {
  (fields: object, text?: string): void;
  (text: string): void;
}

/**
 * The part of a logger that this library uses. A pino logger is one: `createLogger` of
 * `grpc-service/logger` makes it.
 */
export interface Logger {
  readonly debug: WriteLine;
  readonly info: WriteLine;
  readonly warn: WriteLine;
  readonly error: WriteLine;
  readonly fatal: WriteLine;
  /** Makes a logger that adds `fields` to every line. */
  child(fields: Record<string, unknown>): Logger;
  isLevelEnabled(level: "debug"): boolean;
}
