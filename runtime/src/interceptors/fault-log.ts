import type { ServerCall } from "../call.ts";
import type { Logger } from "../logger/logger.ts";

/** A fault is logged with its stack once in this time, in milliseconds. */
const stackEveryMs = 10_000;
/** Faults that are told apart; more than a service has at a time. */
const maxFaults = 100;

/**
 * Logs failures with their full cause. Also serves as `onError` of a server.
 *
 * When something that every call needs is away, every call fails in the same place. So the line of a
 * fault that was logged shortly before has its type and text, but no stack.
 */
export function faultLog(logger: Logger): (error: unknown, call: ServerCall) => void {
  const recent = new RecentFaults();
  return (error, { requestId, method }) => {
    const fields = { requestId, method: method.path };
    if (recent.isNew(error)) logger.error({ err: error, ...fields }, "call failed");
    else logger.error({ err: summaryOf(error), ...fields, repeated: true }, "call failed");
  };
}

class RecentFaults {
  /** By place: until when it counts as logged. The oldest first. */
  readonly #until = new Map<string, number>();

  isNew(error: unknown): boolean {
    const place = placeOf(error);
    const nowMs = performance.now();
    const until = this.#until.get(place);
    if (until !== undefined && nowMs < until) return false;
    this.#until.delete(place);
    this.#until.set(place, nowMs + stackEveryMs);
    const [oldest] = this.#until.keys();
    if (this.#until.size > maxFaults && oldest !== undefined) this.#until.delete(oldest);
    return true;
  }
}

/** Where an error and its causes were made: their texts often differ from call to call. */
function placeOf(error: unknown): string {
  const places: string[] = [];
  for (let each = error; each instanceof Error && places.length < 5; each = each.cause) {
    places.push(`${each.name} ${/^\s+at .*$/m.exec(each.stack ?? "")?.[0] ?? each.message}`);
  }
  return places.length === 0 ? typeof error : places.join();
}

function summaryOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name: type, message, cause } = error;
  return { type, message, ...(cause instanceof Error && { cause: cause.message }) };
}
