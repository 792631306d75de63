import { setTimeout } from "node:timers/promises";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { RetryInfoSchema } from "../../gen/runtime/error-details.ts";
import { type ClientInterceptor, GrpcError } from "../../gen/runtime/index.ts";

/**
 * In how many milliseconds the server wants to be asked again, by the `google.rpc.RetryInfo` of a
 * failed call; undefined when it does not say.
 */
export function retryDelayOf(error: unknown): number | undefined {
  const [info] = GrpcError.from(error).findDetails(RetryInfoSchema);
  return info?.retryDelay === undefined ? undefined : durationMs(info.retryDelay);
}

/**
 * Holds calls back for as long as the server has asked for, method by method: after a refusal with
 * `RetryInfo` the next call waits or, when its deadline would come first, fails at once as the one
 * before did. It repeats no call: whether that is safe, only the caller knows.
 *
 * @example
 * ```ts
 * try {
 *   await users.getUser({ id });
 * } catch (error) {
 *   if (retryDelayOf(error) === undefined) throw error;
 *   await users.getUser({ id }); // leaves when the server is ready for it
 * }
 * ```
 */
export function respectRetryInfo(): ClientInterceptor {
  const refusals = new Map<string, { until: number; error: GrpcError }>();
  return async function holdBack({ method, deadline, signal }, next) {
    const refusal = refusals.get(method.path);
    if (refusal !== undefined) {
      const waitMs = refusal.until - Date.now();
      if (waitMs > 0) {
        if (deadline !== undefined && deadline.getTime() < refusal.until) throw refusal.error;
        await setTimeout(waitMs, undefined, { signal });
      }
      // Unless another call has been refused in the meantime, for longer.
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
