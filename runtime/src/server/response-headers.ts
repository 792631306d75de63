import type { OutgoingHttpHeaders } from "node:http2";
import type { Metadata } from "@grpc/grpc-js";
import { ResponseMetadata } from "../grpc-js-internals/response-metadata.ts";
import { checkEntry, entrySize, maxEntries } from "../metadata.ts";

/**
 * Many peers refuse 16 KiB. And if a header block is larger than Node's http2 can send, the process
 * aborts when the connection closes.
 */
const maxHeaderBytes = 8192;

/** The headers that a call sets, in the shape in which HTTP/2 sends them. */
export class ResponseHeaders {
  readonly #values: Record<string, string | string[]> = Object.create(null);
  #entries = 0;
  #bytes = 0;

  /** @throws Error when the headers become too large, the key is reserved, or key or value is illegal. */
  add(key: string, value: string | Buffer): void {
    const bytes = this.#bytes + entrySize(key, value);
    if (bytes > maxHeaderBytes || this.#entries === maxEntries) {
      throw new Error(`cannot set header ${key}: the headers would be too large`);
    }
    const lowerCased = key.toLowerCase();
    const before = this.#values[lowerCased];
    checkEntry(key, value, before === undefined ? 0 : [before].flat().length);
    // The protocol asks senders to omit the padding.
    const text = typeof value === "string" ? value : value.toString("base64").replace(/=+$/, "");
    this.#values[lowerCased] = before === undefined ? text : [before, text].flat();
    this.#bytes = bytes;
    this.#entries += 1;
  }

  /** Puts them into `headers`, which has those of gRPC. */
  addTo(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
    for (const key in this.#values) headers[key] = this.#values[key];
    return headers;
  }

  /** The same for grpc-js. */
  toMetadata(): Metadata {
    const metadata = new ResponseMetadata();
    for (const [key, values] of Object.entries(this.#values)) {
      for (const value of [values].flat()) {
        metadata.add(key, key.endsWith("-bin") ? Buffer.from(value, "base64") : value);
      }
    }
    return metadata;
  }
}
