import type { OutgoingHttpHeaders } from "node:http2";
import type { Metadata } from "@grpc/grpc-js";
import { ResponseMetadata } from "../grpc-js-internals/response-metadata.ts";
import { checkEntry, entrySize, maxEntries, sentValue } from "../metadata.ts";

/**
 * Many peers refuse 16 KiB. And if a header block is larger than Node's http2 can send, the process
 * aborts when the connection closes.
 */
const maxHeaderBytes = 8192;

/** The headers that a call sets, in the shape in which HTTP/2 sends them. */
export class ResponseHeaders {
  readonly #keys: string[] = [];
  readonly #values: string[] = [];
  #bytes = 0;

  /** @throws Error when the headers become too large, the key is reserved, or key or value is illegal. */
  add(key: string, value: string | Buffer): void {
    const bytes = this.#bytes + entrySize(key, value);
    if (bytes > maxHeaderBytes || this.#keys.length === maxEntries) {
      throw new Error(`cannot set header ${key}: the headers would be too large`);
    }
    const lowerCased = key.toLowerCase();
    checkEntry(lowerCased, value, this.#countOf(lowerCased));
    this.#keys.push(lowerCased);
    // The protocol asks senders to omit the padding.
    this.#values.push(
      typeof value === "string" ? sentValue(value) : value.toString("base64").replace(/=+$/, ""),
    );
    this.#bytes = bytes;
  }

  /** Puts them into `headers`, which has those of gRPC. */
  addTo(headers: OutgoingHttpHeaders): void {
    for (let index = 0; index < this.#keys.length; index += 1) {
      const key = this.#keys[index] ?? "";
      const value = this.#values[index] ?? "";
      // Not what objects inherit, such as `constructor`.
      const before = Object.hasOwn(headers, key) ? headers[key] : undefined;
      headers[key] = before === undefined ? value : [before, value].flat().map(String);
    }
  }

  /** The same for grpc-js. */
  toMetadata(): Metadata {
    const metadata = new ResponseMetadata();
    for (const [index, key] of this.#keys.entries()) {
      const value = this.#values[index] ?? "";
      metadata.add(key, key.endsWith("-bin") ? Buffer.from(value, "base64") : value);
    }
    return metadata;
  }

  #countOf(key: string): number {
    let count = 0;
    for (const each of this.#keys) if (each === key) count += 1;
    return count;
  }
}
