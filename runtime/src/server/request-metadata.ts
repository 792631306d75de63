import type { IncomingHttpHeaders } from "node:http2";
import { Metadata } from "@grpc/grpc-js";

/** Headers that are about the transport, or that the call itself reads. */
const notMetadata = new Set([
  "accept-encoding",
  "content-type",
  "grpc-accept-encoding",
  "grpc-encoding",
  "grpc-timeout",
  "te",
]);

/**
 * The metadata of a call, as grpc-js has it. Its own conversion is used where it does more than take a
 * text over: for binary values and for repeated headers.
 */
export function requestMetadata(headers: IncomingHttpHeaders): Metadata {
  const metadata = new Metadata();
  for (const key in headers) {
    if (key.startsWith(":") || notMetadata.has(key)) continue;
    const value = headers[key];
    if (typeof value === "string" && !key.endsWith("-bin") && isLegal(key, value)) {
      metadata.add(key, value);
    } else {
      metadata.merge(Metadata.fromHttp2Headers({ [key]: value }));
    }
  }
  return metadata;
}

/** Whether grpc-js takes a text without an error. */
function isLegal(key: string, value: string): boolean {
  return /^[0-9a-z_.-]+$/.test(key) && /^[ -~]*$/.test(value);
}
