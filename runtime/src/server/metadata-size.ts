import type { IncomingHttpHeaders } from "node:http2";

/** Overhead of an entry by RFC 9113, section 6.5.2. */
const entryBytes = 32;

/** Size of the headers of a request as HTTP/2 counts it, in bytes. */
export function metadataSize(headers: IncomingHttpHeaders): number {
  let bytes = 0;
  for (const key in headers) {
    const value = headers[key];
    if (typeof value === "string") {
      bytes += key.length + value.length + entryBytes;
    } else if (value !== undefined) {
      for (const each of value) bytes += key.length + each.length + entryBytes;
    }
  }
  return bytes;
}
