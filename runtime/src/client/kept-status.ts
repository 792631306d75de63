import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { Duplex } from "node:stream";
import { Metadata, type StatusObject, status as statusNumbers } from "@grpc/grpc-js";
import { isCutOff } from "../cut-off.ts";
import { type NativeCall, PooledCall } from "./native-call.ts";

type Cancellable = Pick<NativeCall, "cancelWithStatus">;

/**
 * Keeps the status of a call of a channel whose response headers have arrived. grpc-js hands out neither
 * its innermost call nor the stream of http2 under it; so this follows where it keeps them, and when it
 * keeps them elsewhere one day, or a call is none of a channel, nothing is kept. Unary calls do without:
 * their one response has nothing to wait for.
 *
 * @param onArrived the server has sent its status, so it takes no further request
 */
export function keepStatus(call: Cancellable, onArrived: () => void): KeptStatus | undefined {
  const outermost = call instanceof PooledCall ? call.inner : call;
  const retrying = property(outermost, "child");
  const attempts = property(retrying, "underlyingCalls");
  const attempt = property(attempts, property(retrying, "committedCallIndex"));
  const innermost = property(property(attempt, "call"), "child");
  const stream = property(innermost, "http2Stream");
  return isObject(innermost) && isHttp2Stream(stream)
    ? new KeptStatus(call, innermost, stream, onArrived)
    : undefined;
}

function property(value: unknown, key: unknown): unknown {
  const named = typeof key === "string" || typeof key === "number";
  return isObject(value) && named ? Reflect.get(value, key) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isHttp2Stream(value: unknown): value is ClientHttp2Stream {
  return value instanceof Duplex && "rstCode" in value;
}

/**
 * Makes the status of a call come after the responses that were sent before it. grpc-js waits with OK
 * until they are read, but drops them when a call fails; and what is still on its way to a server that
 * has answered becomes an error, which has the same effect. The status of a failure therefore passes
 * grpc-js as OK, and becomes itself again on this side of it.
 */
export class KeptStatus {
  readonly #innermost: object;
  #failure: StatusObject | undefined;

  constructor(
    call: Cancellable,
    innermost: object,
    stream: ClientHttp2Stream,
    onArrived: () => void,
  ) {
    this.#innermost = innermost;
    // Before grpc-js sees them.
    stream.prependListener("trailers", (trailers) => {
      const code = trailers["grpc-status"];
      // Without one grpc-js makes a failure of it.
      if (code === undefined) return;
      if (code !== ok) this.#failure = statusIn(trailers);
      trailers["grpc-status"] = ok;
      stream.write = takeAndDrop;
      // grpc-js would wait for the end of the responses.
      stream.once("close", () => {
        if (!stream.readableEnded) call.cancelWithStatus(statusNumbers.UNAVAILABLE, lost);
      });
      onArrived();
    });
  }

  /** @param status what grpc-js made of the call */
  restore(status: StatusObject): StatusObject {
    // Whoever reads too slowly for the deadline is told that.
    const late = status.code === statusNumbers.DEADLINE_EXCEEDED;
    if (this.#failure !== undefined && !late) return this.#failure;
    if (status.code !== statusNumbers.OK || !isCutOff(this.#innermost)) return status;
    const details = "the last response message is cut off";
    return { ...status, code: statusNumbers.INTERNAL, details };
  }
}

const ok = String(statusNumbers.OK);
const lost = "the responses were lost before they were read";

/** As grpc-js reads it. */
function statusIn(trailers: IncomingHttpHeaders): StatusObject {
  const { "grpc-status": code, "grpc-message": text, ...rest } = trailers;
  return { code: Number(code), details: decoded(String(text ?? "")), metadata: metadataIn(rest) };
}

function decoded(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

function metadataIn(trailers: IncomingHttpHeaders): Metadata {
  try {
    return Metadata.fromHttp2Headers(trailers);
  } catch {
    return new Metadata();
  }
}

/** Writes to a stream that grpc-js has ended already. */
function takeAndDrop(_chunk: unknown, ...rest: unknown[]): boolean {
  const callback = rest.at(-1);
  if (typeof callback === "function") process.nextTick(callback);
  return true;
}
