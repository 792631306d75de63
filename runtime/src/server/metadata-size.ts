import type { IncomingHttpHeaders } from "node:http2";
import { entrySize } from "../metadata.ts";

/** Size of the headers of a request as HTTP/2 counts it, in bytes. */
export function metadataSize(headers: IncomingHttpHeaders): number {
  let bytes = 0;
  for (const key in headers) {
    const value = headers[key];
    if (typeof value === "string") {
      bytes += entrySize(key, value);
    } else if (value !== undefined) {
      for (const each of value) bytes += entrySize(key, each);
    }
  }
  return bytes;
}
