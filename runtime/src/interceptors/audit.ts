import type { ServerCall } from "../call.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import { layer } from "../layer.ts";
import type { Logger } from "../logger/logger.ts";
import type { StatusCode } from "../status-code.ts";
import { onCallEnd, rounded } from "./call-end.ts";
import { callerOf } from "./identity.ts";

/** Who called which method, and how the call ended. */
export interface AuditRecord {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly requestId: string;
  /** As `/package.Service/Method`. */
  readonly method: string;
  /** Subject of the token; undefined without a valid token. */
  readonly subject: string | undefined;
  readonly peer: string;
  readonly code: StatusCode | "OK";
  readonly durationMs: number;
}

/**
 * Records every call, refused calls included. Records hold no messages.
 *
 * @example
 * ```ts
 * unless({ methods: healthMethods }, audit({ sink: auditLog(logger), clock }))
 * ```
 */
export function audit(options: {
  /** Stores a record. If it throws, the call ends with INTERNAL. */
  sink: (record: AuditRecord) => void;
  clock: () => Date;
}): ServerInterceptor {
  const { sink, clock } = options;
  return layer<ServerCall>(function audit(call) {
    const startedAt = clock().toISOString();
    return onCallEnd((code, durationMs) => {
      // Inner interceptors find out the caller.
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
  });
}

/** Writes the records to the log, marked with `audit: true`. */
export function auditLog(logger: Logger): (record: AuditRecord) => void {
  const log = logger.child({ audit: true });
  return (record) => log.info(record, "call audited");
}
