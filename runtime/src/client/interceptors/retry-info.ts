import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { anyIs, type Duration, DurationSchema, durationMs } from "@bufbuild/protobuf/wkt";
import { timerMs } from "../../deadline.ts";
import { GrpcError } from "../../error.ts";
import type { ClientInterceptor } from "../../interceptor.ts";
import { pause } from "../../pause.ts";

/**
 * Milliseconds to wait before a retry, from the `google.rpc.RetryInfo` of a failed call; undefined
 * without one.
 */
export function retryDelayOf(error: unknown): number | undefined {
  for (const detail of GrpcError.from(error).details) {
    if (!anyIs(detail, "google.rpc.RetryInfo")) continue;
    const delay = retryDelayIn(detail.value);
    if (delay !== undefined) return durationMs(delay);
  }
  return undefined;
}

/**
 * Decodes `google.rpc.RetryInfo { google.protobuf.Duration retry_delay = 1; }` without its schema:
 * every generated client would load the descriptors of all error details. Returns undefined if the
 * message has no delay or cannot be decoded.
 */
function retryDelayIn(info: Uint8Array): Duration | undefined {
  let delay: Duration | undefined;
  try {
    const reader = new BinaryReader(info);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1) delay = fromBinary(DurationSchema, reader.bytes());
      else reader.skip(wireType, field);
    }
    return delay;
  } catch {
    return undefined;
  }
}

/**
 * Delays calls as the server asks, per method: after a refusal with `RetryInfo` the next call waits. If its
 * deadline would pass first, it fails at once with the same error. Calls are never repeated: only the
 * caller knows whether that is safe.
 *
 * @example
 * ```ts
 * try {
 *   await users.getUser({ id });
 * } catch (error) {
 *   if (retryDelayOf(error) === undefined) throw error;
 *   await users.getUser({ id }); // waits until the server accepts it
 * }
 * ```
 */
export function respectRetryInfo(): ClientInterceptor {
  const refusals = new Map<string, { until: number; error: GrpcError }>();
  return async function respectRetryInfo({ method, deadline, signal }, next) {
    const refusal = refusals.get(method.path);
    if (refusal !== undefined) {
      const waitMs = refusal.until - Date.now();
      if (waitMs > 0) {
        if (deadline !== undefined && deadline.getTime() < refusal.until) throw refusal.error;
        await pause(timerMs(waitMs), signal);
      }
      // Another call may have been refused in the meantime.
      if (refusals.get(method.path) === refusal) refusals.delete(method.path);
    }
    try {
      await next();
    } catch (failure) {
      const error = GrpcError.from(failure);
      const delay = retryDelayOf(error);
      if (delay !== undefined) refusals.set(method.path, { until: Date.now() + delay, error });
      throw error;
    }
  };
}
