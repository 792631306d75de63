import { Metadata } from "@grpc/grpc-js";
import type { CallContext } from "../call.ts";
import { GrpcError, textOf } from "../error.ts";
import { errorOf } from "../status.ts";

/**
 * The error for what a handler of grpc-js passes to its callback or emits: as with grpc-js, UNKNOWN with
 * the text of the error when it has no code.
 */
export function oldError(thrown: unknown, trailers?: unknown): GrpcError {
  const { code, details, metadata } = statusParts(thrown);
  const text = typeof details === "string" ? details : textOf(thrown);
  const status = {
    code: typeof code === "number" && code !== 0 ? code : 2,
    details: text,
    metadata: firstMetadata(trailers, metadata),
  };
  const error = errorOf(status);
  const { rawMessage } = error;
  return new GrpcError(error.code, rawMessage, {
    details: error.details,
    metadata: error.metadata,
    cause: thrown,
  });
}

function statusParts(thrown: unknown): { code?: unknown; details?: unknown; metadata?: unknown } {
  return typeof thrown === "object" && thrown !== null ? thrown : {};
}

function firstMetadata(...candidates: readonly unknown[]): Metadata {
  return candidates.find((each) => each instanceof Metadata) ?? new Metadata();
}

/** @param trailers metadata, if the handler has passed some */
export function addTrailers(context: CallContext, trailers: unknown): void {
  addEntries(trailers, (key, value) => context.setTrailer(key, value));
}

/** @param headers metadata, if the handler has passed some */
export function addHeaders(context: CallContext, headers: unknown): void {
  addEntries(headers, (key, value) => context.setHeader(key, value));
}

function addEntries(metadata: unknown, add: (key: string, value: string | Buffer) => void): void {
  if (!(metadata instanceof Metadata)) return;
  for (const key of Object.keys(metadata.getMap())) {
    for (const value of metadata.get(key)) add(key, value);
  }
}
