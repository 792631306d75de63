/** The logger of a service, made with pino. */
export { createLogger } from "./create-logger.ts";
export type { Logger } from "./logger.ts";
