import { GrpcError, type ServerInterceptor } from "../gen/runtime/index.ts";

/**
 * Ends calls that take longer than this server allows, for callers that wait longer or for ever:
 * DEADLINE_EXCEEDED. The handler sees it in the deadline of its call, and learns by its signal. An
 * earlier deadline of the caller stays.
 *
 * @example
 * ```ts
 * deadline({ unaryMs: 60_000, streamMs: 0 })
 * ```
 */
export function deadline(options: {
  /** At most, in milliseconds; 0 for no limit. */
  unaryMs: number;
  /** The same for calls with a stream. */
  streamMs: number;
}): ServerInterceptor {
  const { unaryMs, streamMs } = options;
  return async function limitDuration(call, next) {
    const maxMs = call.method.kind === "unary" ? unaryMs : streamMs;
    const latest = Date.now() + maxMs;
    if (maxMs === 0 || (call.deadline !== undefined && call.deadline.getTime() <= latest)) {
      return await next();
    }
    call.deadline = new Date(latest);
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(tooLong(maxMs)), maxMs);
    });
    try {
      await Promise.race([next(), overdue]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function tooLong(maxMs: number): GrpcError {
  return new GrpcError("DEADLINE_EXCEEDED", `calls may take ${maxMs} ms here, and this one did`);
}
