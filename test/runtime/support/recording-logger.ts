import type { Logger } from "pino";
import { createLogger } from "../../../runtime/src/logger/index.ts";

/** A logger at debug level that keeps its lines, parsed. */
export function recordingLogger(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const service = { name: "test", version: "1.2.3" };
  return { logger: createLogger({ logLevel: "debug", service }, destination), lines };
}
