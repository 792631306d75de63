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
    const text = key.endsWith("-bin") ? undefined : legalText(headers[key]);
    if (text !== undefined && /^[0-9a-z_.-]+$/.test(key)) metadata.add(key, text);
    else metadata.merge(Metadata.fromHttp2Headers({ [key]: headers[key] }));
  }
  return metadata;
}

/** The value of a header, if grpc-js takes it as a text. */
export function legalText(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && /^[ -~]*$/.test(value) ? value : undefined;
}
