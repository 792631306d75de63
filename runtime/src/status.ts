import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { Metadata, StatusObject } from "@grpc/grpc-js";
import { GrpcError } from "./error.ts";
import { ResponseMetadata, TextlessTrailers } from "./grpc-js-internals/response-metadata.ts";
import { copyEntries, entrySize } from "./metadata.ts";
import { type Status, StatusSchema } from "./rpc/google/rpc/status_pb.ts";
import { statusCode, statusNumber } from "./status-code.ts";

/** A status with its trailers, as grpc-js sends it. */
export interface WireStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Bytes of a status text in UTF-8. Percent-encoding at most triples them. */
const maxTextBytes = 1024;
/** Many peers refuse 16 KiB, and the text and the headers of HTTP/2 need space too. */
const maxTrailerBytes = 8192;
const detailsKey = "grpc-status-details-bin";

/** The status of a call that succeeds and sets no trailers. */
export const plainOk: WireStatus = { code: 0, details: "", metadata: new TextlessTrailers() };

export function okStatus(trailer: Metadata | undefined): WireStatus {
  return trailer === undefined ? plainOk : { ...plainOk, metadata: legalTrailers("", [], trailer) };
}

/**
 * The status of a failed call. All failures pass here, so that what grpc-js gets is legal (a lone
 * surrogate would crash it) and small enough for every peer.
 *
 * @param trailers further trailers, most important first; those of the error come first
 */
export function errorStatus(error: GrpcError, ...trailers: (Metadata | undefined)[]): WireStatus {
  const code = statusNumber(error.code);
  const details = legalText(error.rawMessage);
  const extra = trailers.filter((trailer) => trailer !== undefined);
  const packed = packDetails(code, details, error.details);
  return { code, details, metadata: legalTrailers(details, packed, error.metadata, ...extra) };
}

/**
 * The error for a received status that is not OK. Its `google.rpc.Status` repeats code and text: if
 * they differ, the code of the status counts, and its text unless that is empty.
 */
export function errorOf(status: StatusObject): GrpcError {
  const packed = unpackDetails(status.metadata);
  const text = status.details === "" ? (packed?.message ?? "") : status.details;
  return new GrpcError(statusCode(status.code), text, {
    details: packed?.details ?? [],
    metadata: status.metadata,
  });
}

/**
 * Valid Unicode of at most `maxTextBytes`. Control characters stay: the text is percent-encoded
 * when it is sent.
 */
function legalText(text: string): string {
  // A code unit takes at least one byte, so that cutting first limits the work on huge texts.
  const bytes = Buffer.from(String(text).slice(0, maxTextBytes + 1));
  if (bytes.length <= maxTextBytes) return bytes.toString();
  let end = maxTextBytes - 3;
  // Do not split a character: continuation bytes are 10xxxxxx.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString("utf8", 0, end)}...`;
}

function legalTrailers(text: string, packed: readonly Buffer[], ...sources: Metadata[]): Metadata {
  const trailers = text === "" ? new TextlessTrailers() : new ResponseMetadata();
  for (const value of packed) trailers.set(detailsKey, value);
  for (const source of sources) copyEntries(source, trailers, maxTrailerBytes);
  return trailers;
}

/**
 * One value, or none without details. Details that do not fit are left out, starting with the last.
 */
function packDetails(code: number, message: string, details: readonly Any[]): Buffer[] {
  for (let count = details.length; count > 0; count -= 1) {
    const status = create(StatusSchema, { code, message, details: details.slice(0, count) });
    const bytes = Buffer.from(toBinary(StatusSchema, status));
    if (entrySize(detailsKey, bytes) <= maxTrailerBytes) return [bytes];
  }
  return [];
}

function unpackDetails(trailer: Metadata): Status | undefined {
  const [bytes] = trailer.get(detailsKey);
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    return fromBinary(StatusSchema, bytes);
  } catch {
    return undefined;
  }
}
