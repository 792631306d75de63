import type { Http2Server } from "node:http2";
import { isObject } from "./property.ts";

/** The resets that Node allows a peer: `burst` at once, and `perSecond` more. */
export interface ResetLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** What nghttp2 allows unless it is told otherwise. */
const nodeLimit: ResetLimit = { burst: 1_000, perSecond: 33 };

/**
 * Lifts Node's own limit of streams that a peer may reset, beyond which Node ends the connection and
 * all its calls with INTERNAL. grpc-js passes no option for it. To be used only where resets are
 * counted in another way.
 *
 * Sets options of Node, which know them from 22.10 on (nodejs/node#54875), in the object that an
 * HTTP/2 server keeps under a symbol named `options`. Fall-back with an older Node, or without that
 * object: Node's limit, which stays.
 *
 * @returns the limit that is left
 */
export function liftResetLimit(http2Server: Http2Server): ResetLimit | undefined {
  const key = Object.getOwnPropertySymbols(http2Server).find(
    ({ description }) => description === "options",
  );
  const options: unknown = key === undefined ? undefined : Reflect.get(http2Server, key);
  if (!isObject(options) || !canLift(process.versions.node)) return nodeLimit;
  Object.assign(options, { streamResetBurst: unlimited, streamResetRate: unlimited });
  return undefined;
}

const unlimited = 2 ** 31;

function canLift(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 10);
}
