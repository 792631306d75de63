import { GrpcError } from "../error.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import type { Logger } from "../logger/logger.ts";
import type { StatusCode } from "../status-code.ts";

/** A call that ended with an unexpected status. */
export interface Incident {
  /** As `/package.Service/Method`. */
  readonly method: string;
  readonly code: StatusCode;
  readonly requestId: string;
  /** What was thrown, with its cause. Do not send it to callers. */
  readonly error: unknown;
  /** Number of equal incidents (same method and code) since the last notification. */
  readonly suppressed: number;
}

/** Sends a notification, for example by a webhook. */
export type Notify = (incident: Incident) => void | Promise<void>;

/** Statuses that are never intended. */
const unexpectedCodes: readonly StatusCode[] = ["INTERNAL", "UNKNOWN", "DATA_LOSS"];

/**
 * Notifies about calls that end with an unexpected status. `notify` runs outside the call: its time and
 * its failures do not affect the caller. Equal incidents (same method and code) are reported once per
 * interval.
 *
 * @example
 * ```ts
 * alert({ notify: (incident) => pager.send(incident.method), logger })
 * ```
 */
export function alert(options: {
  notify: Notify;
  /** Logs a `notify` that fails. */
  logger: Logger;
  /** Statuses to report; INTERNAL, UNKNOWN and DATA_LOSS by default. */
  codes?: readonly StatusCode[];
  /** Milliseconds between two reports of equal incidents; 60 000 by default. */
  intervalMs?: number;
}): ServerInterceptor {
  const { notify, logger, codes = unexpectedCodes, intervalMs = 60_000 } = options;
  const reported = new Map<string, { at: number; suppressed: number }>();

  function raise(incident: Omit<Incident, "suppressed">): void {
    const kind = `${incident.method} ${incident.code}`;
    const now = performance.now();
    const last = reported.get(kind);
    if (last !== undefined && now - last.at < intervalMs) {
      last.suppressed += 1;
      return;
    }
    reported.set(kind, { at: now, suppressed: 0 });
    setImmediate(async () => {
      try {
        await notify({ ...incident, suppressed: last?.suppressed ?? 0 });
      } catch (error) {
        logger.error({ err: error }, "notify failed");
      }
    });
  }

  return async function alert({ method, requestId }, next) {
    try {
      await next();
    } catch (error) {
      const { code } = GrpcError.from(error);
      if (codes.includes(code)) raise({ method: method.path, code, requestId, error });
      throw error;
    }
  };
}
