import type { OutgoingHttpHeaders } from "node:http2";
import { Metadata } from "@grpc/grpc-js";

/**
 * Metadata of a response. The gRPC protocol asks senders to omit the padding of binary values;
 * grpc-js pads them.
 *
 * The classes in this file rely on grpc-js calling `clone` and `toHttp2Headers` of the metadata it
 * sends, and on its merging the result over its own headers and trailers. Fall-back if it does not:
 * padded values and an empty `grpc-message`, which peers accept.
 */
export class ResponseMetadata extends Metadata {
  override clone(): Metadata {
    const copy = new ResponseMetadata();
    copy.merge(this);
    return copy;
  }

  override toHttp2Headers(): OutgoingHttpHeaders {
    const headers = super.toHttp2Headers();
    for (const key of Object.keys(headers)) {
      if (key.endsWith("-bin")) headers[key] = withoutPadding(headers[key]);
    }
    return headers;
  }
}

/**
 * Trailers of a status without a text. grpc-js always sends `grpc-message`, which the protocol has
 * only for failures with a text.
 */
export class TextlessTrailers extends ResponseMetadata {
  override clone(): Metadata {
    const copy = new TextlessTrailers();
    copy.merge(this);
    return copy;
  }

  override toHttp2Headers(): OutgoingHttpHeaders {
    const headers = super.toHttp2Headers();
    // http2 skips undefined values.
    headers["grpc-message"] = undefined;
    return headers;
  }
}

/** Response headers without entries, shared by all calls that set none. */
export const noHeaders: Metadata = new (class extends Metadata {
  readonly #headers: OutgoingHttpHeaders = Object.freeze({});

  override toHttp2Headers(): OutgoingHttpHeaders {
    return this.#headers;
  }
})();

function withoutPadding(value: OutgoingHttpHeaders[string]): OutgoingHttpHeaders[string] {
  if (Array.isArray(value)) return value.map((entry) => entry.replace(/=+$/, ""));
  return typeof value === "string" ? value.replace(/=+$/, "") : value;
}
