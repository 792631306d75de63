import type { Logger } from "pino";
import type { ServerInterceptor, StatusCode } from "../gen/runtime/index.ts";
import { callerOf } from "./auth.ts";
import { rounded, untilEnd } from "./call-end.ts";

/** Who did what, and how it ended. */
export interface AuditRecord {
  readonly startedAt: string;
  readonly requestId: string;
  /** As `/package.Service/Method`. */
  readonly method: string;
  /** Subject of the token; undefined when there was none, or no good one. */
  readonly subject: string | undefined;
  readonly peer: string;
  readonly code: StatusCode | "OK";
  readonly durationMs: number;
}

/**
 * Keeps the record of every call, refused ones included. Messages are not part of it.
 *
 * @example
 * ```ts
 * unless({ where: readsOnly }, audit({ sink: auditLog(logger), clock }))
 * ```
 */
export function audit(options: {
  /** Takes a record. When it throws, the call fails: INTERNAL. */
  sink: (record: AuditRecord) => void;
  clock: () => Date;
}): ServerInterceptor {
  const { sink, clock } = options;
  return function keepRecord(call, next) {
    const startedAt = clock().toISOString();
    return untilEnd(next, (code, durationMs) => {
      // Only now: who calls is found out by inner layers.
      sink({
        startedAt,
        requestId: call.requestId,
        method: call.method.path,
        subject: callerOf(call)?.subject,
        peer: call.peer,
        code,
        durationMs: rounded(durationMs),
      });
    });
  };
}

/** Writes the records to the log, marked with `audit: true`. */
export function auditLog(logger: Logger): (record: AuditRecord) => void {
  const log = logger.child({ audit: true });
  return (record) => log.info(record, "call audited");
}
