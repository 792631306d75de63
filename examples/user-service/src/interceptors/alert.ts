import type { Logger } from "pino";
import { GrpcError, type ServerInterceptor, type StatusCode } from "../gen/runtime/index.ts";

/** Something that somebody should look at. */
export interface Incident {
  /** As `/package.Service/Method`. */
  readonly method: string;
  readonly code: StatusCode;
  /** Of the call that showed it. */
  readonly requestId: string;
  /** What was thrown, with its cause. Not for callers. */
  readonly error: unknown;
  /** How many alike there were since the last one that was told. */
  readonly suppressed: number;
}

/** Tells somebody, say by a webhook. */
export type Notify = (incident: Incident) => void | Promise<void>;

/** Statuses that nobody means to answer. */
const unexpectedCodes: readonly StatusCode[] = ["INTERNAL", "UNKNOWN", "DATA_LOSS"];

/**
 * Tells of calls that ended as no call should. Never on the path of a call: what `notify` does,
 * takes or throws, no caller waits for. Incidents alike (same method and code) are told once a minute.
 *
 * @example
 * ```ts
 * alert({ notify: (incident) => pager.send(incident.method), logger })
 * ```
 */
export function alert(options: {
  notify: Notify;
  /** Learns of a `notify` that fails. */
  logger: Logger;
  codes?: readonly StatusCode[];
  /** Between two incidents alike. */
  intervalMs?: number;
}): ServerInterceptor {
  const { notify, logger, codes = unexpectedCodes, intervalMs = 60_000 } = options;
  const told = new Map<string, { at: number; suppressed: number }>();

  function raise(incident: Omit<Incident, "suppressed">): void {
    const kind = `${incident.method} ${incident.code}`;
    const now = performance.now();
    const last = told.get(kind);
    if (last !== undefined && now - last.at < intervalMs) {
      last.suppressed += 1;
      return;
    }
    told.set(kind, { at: now, suppressed: 0 });
    setImmediate(async () => {
      try {
        await notify({ ...incident, suppressed: last?.suppressed ?? 0 });
      } catch (error) {
        logger.error({ err: error }, "nobody could be alerted");
      }
    });
  }

  return async function watchForIncidents({ method, requestId }, next) {
    try {
      await next();
    } catch (error) {
      const { code } = GrpcError.from(error);
      if (codes.includes(code)) raise({ method: method.path, code, requestId, error });
      throw error;
    }
  };
}
