import type { OutgoingHttpHeaders } from "node:http2";
import { Metadata } from "@grpc/grpc-js";

/**
 * Metadata as responses carry it. The gRPC protocol asks senders to leave out the padding of binary
 * values; grpc-js pads them.
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
 * for failures that say more than their code; trailers of the same name win over it.
 */
export class TextlessTrailers extends ResponseMetadata {
  override clone(): Metadata {
    const copy = new TextlessTrailers();
    copy.merge(this);
    return copy;
  }

  override toHttp2Headers(): OutgoingHttpHeaders {
    const headers = super.toHttp2Headers();
    // http2 skips what is undefined.
    headers["grpc-message"] = undefined;
    return headers;
  }
}

/** What headers hold when nobody has set one, made once for all calls. */
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
