import { createLogger, type Logger } from "../../../../runtime/src/logger/index.ts";
import { service } from "./program.ts";

/** A logger that keeps its lines. */
export function recordingLogger(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { logger: createLogger({ logLevel: "debug", service }, destination), lines };
}
