import type { IncomingHttpHeaders } from "node:http2";
import { Metadata, type StatusObject, status as statusNumbers } from "@grpc/grpc-js";
import type { Cancellable } from "./cancel-twice.ts";
import type { ClientStream } from "./client-stream.ts";
import { isCutOff } from "./cut-off.ts";
import { decodedCode, decodedText } from "./received-status.ts";

/**
 * The status of a client's call, held back so that it arrives after the responses that were sent before it.
 *
 * grpc-js delays OK until the responses are read, but drops unread responses when a call fails.
 * Also, a request that reaches a server which has already sent its status turns into an error with
 * the same effect. So the trailers of a failure are rewritten to OK before grpc-js reads them, and
 * `restore` puts the failure back.
 *
 * Relies on grpc-js reading the trailers in a `trailers` listener of its own. Unary calls do not need
 * this: their response is complete when the status arrives.
 */
export class HeldStatus {
  readonly #innermost: object;
  #failure: StatusObject | undefined;

  /**
   * @param call a call of a channel
   * @param found its stream, after the response headers have arrived
   * @param onArrived called when the server has sent its status, after which it accepts no request
   */
  constructor(call: Cancellable, { innermost, stream }: ClientStream, onArrived: () => void) {
    this.#innermost = innermost;
    // Prepended, to run before grpc-js' own listener.
    stream.prependListener("trailers", (trailers) => {
      const code = trailers["grpc-status"];
      // Without a status, grpc-js reports a failure itself.
      if (code === undefined) return;
      if (code !== ok) this.#failure = statusIn(trailers);
      trailers["grpc-status"] = ok;
      stream.write = discardWrite;
      // grpc-js would wait for the end of the responses, which a reset stream never reaches.
      stream.once("close", () => {
        if (!stream.readableEnded) call.cancelWithStatus(statusNumbers.UNAVAILABLE, lost);
      });
      onArrived();
    });
  }

  /** @param status what grpc-js reports for the call */
  restore(status: StatusObject): StatusObject {
    // The deadline has passed while the caller was still reading: that is the status to report.
    const late = status.code === statusNumbers.DEADLINE_EXCEEDED;
    if (this.#failure !== undefined && !late) return this.#failure;
    if (status.code !== statusNumbers.OK || !isCutOff(this.#innermost)) return status;
    return cutOff(status);
  }
}

/** The status of a call whose responses ended in the middle of one, instead of `status`. */
export function cutOff(status: StatusObject): StatusObject {
  const details = "the last response message is cut off";
  return { ...status, code: statusNumbers.INTERNAL, details };
}

const ok = String(statusNumbers.OK);
const lost = "the responses were lost before they were read";

/** Parses trailers as grpc-js does, except for code and text. */
function statusIn(trailers: IncomingHttpHeaders): StatusObject {
  const { "grpc-status": code, "grpc-message": text, ...rest } = trailers;
  const details = decodedText(String(text ?? ""));
  return { code: decodedCode(code), details, metadata: metadataIn(rest) };
}

function metadataIn(trailers: IncomingHttpHeaders): Metadata {
  try {
    return Metadata.fromHttp2Headers(trailers);
  } catch {
    return new Metadata();
  }
}

/** Replaces `write` of a stream that grpc-js has ended already. */
function discardWrite(_chunk: unknown, ...rest: unknown[]): boolean {
  const callback = rest.at(-1);
  if (typeof callback === "function") process.nextTick(callback);
  return true;
}
