import type { IncomingHttpHeaders } from "node:http2";
import { maxTimeoutMs } from "../deadline.ts";

const millisecondsOf = new Map([
  ["H", 3_600_000],
  ["M", 60_000],
  ["S", 1_000],
  ["m", 1],
  ["u", 0.001],
  ["n", 0.000_001],
]);

/**
 * Takes out of the request headers what grpc-js would misread. It wraps timeouts at 2^31
 * milliseconds, so that one of a hundred years may end the call at once: a timeout that long is
 * none. And it looks for a timeout anywhere in the text: one that is malformed by the protocol (at
 * most eight digits and a unit) is made unreadable, which grpc-js answers with INTERNAL.
 */
export function correctTimeout(headers: IncomingHttpHeaders): void {
  const timeout = headers["grpc-timeout"];
  if (timeout === undefined) return;
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(timeout));
  if (match === null) {
    headers["grpc-timeout"] = "malformed";
    return;
  }
  const ms = Number(match[1]) * (millisecondsOf.get(match[2] ?? "") ?? 0);
  if (ms > maxTimeoutMs) delete headers["grpc-timeout"];
}
