import { GrpcError } from "grpc-service";
import { retryInfo } from "grpc-service/error-details";

const defaultRetryMs = 1_000;
const maxRetryMs = 3_600_000;
const maxTextLength = 200;

/**
 * The error for the response of a model that is not a success.
 *
 * 400, 413, 422: INVALID_ARGUMENT, with what the model says about the request. 429: RESOURCE_EXHAUSTED, and 5xx or
 * 408: UNAVAILABLE, both with the advice of `Retry-After`. Any other, such as a key that is not accepted, is a
 * mistake of ours: INTERNAL for the caller, and the text is in the log.
 *
 * @param body the beginning of the response
 */
export function httpRefusal({ status, headers }: Response, body: string): Error {
  if (status === 400 || status === 413 || status === 422) {
    return new GrpcError("INVALID_ARGUMENT", `the model refused the request: ${shown(body)}`);
  }
  const details = [retryInfo(retryAfterMs(headers.get("retry-after")))];
  if (status === 429) {
    return new GrpcError("RESOURCE_EXHAUSTED", "the model takes no more requests", { details });
  }
  if (status >= 500 || status === 408) {
    return new GrpcError("UNAVAILABLE", `the model answered with HTTP ${status}`, { details });
  }
  const hint = status === 401 || status === 403 ? "MODEL_API_KEY" : "MODEL_URL and MODEL_NAME";
  return new Error(`the model answered with HTTP ${status}, check ${hint}: ${shown(body)}`);
}

/** `Retry-After` in milliseconds: seconds or a date. */
function retryAfterMs(value: string | null): number {
  if (value === null) return defaultRetryMs;
  const delayMs = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(delayMs) ? defaultRetryMs : Math.min(Math.max(delayMs, 0), maxRetryMs);
}

/** The message in a body of JSON, or the body: its beginning, in one line. */
function shown(body: string): string {
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  const text = message === undefined ? body : unquoted(message);
  return text
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, maxTextLength);
}

function unquoted(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}
