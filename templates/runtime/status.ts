import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { Metadata, type StatusObject } from "@grpc/grpc-js";
import { GrpcError } from "./error.ts";
import { copyEntries, entrySize } from "./metadata.ts";
import { StatusSchema } from "./rpc/google/rpc/status_pb.ts";
import { statusCode, statusNumber } from "./status-code.ts";

/** What ends a call, as grpc-js sends it. */
export interface WireStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata | null;
}

/** Text of a status in UTF-8. Percent-encoding triples it at worst. */
const maxTextBytes = 1024;
/** Many peers refuse 16 KiB; text and the headers of HTTP/2 need their share too. */
const maxTrailerBytes = 8192;
const detailsKey = "grpc-status-details-bin";

/** Errors that came from another server: their trailers were for us, not for our callers. */
const received = new WeakSet<GrpcError>();

const plainOk: WireStatus = { code: 0, details: "", metadata: null };

export function okStatus(trailer: Metadata | undefined): WireStatus {
  return trailer === undefined ? plainOk : { ...plainOk, metadata: legalTrailers([], trailer) };
}

/**
 * The status of a failed call. Every failure leaves through here, so that what reaches grpc-js is
 * legal (a lone surrogate would crash it), one line, and small enough for every peer.
 *
 * @param trailers besides the error's own, most important first
 */
export function errorStatus(error: GrpcError, ...trailers: (Metadata | undefined)[]): WireStatus {
  const code = statusNumber(error.code);
  const details = legalText(error.rawMessage);
  const extra = trailers.filter((trailer) => trailer !== undefined);
  if (!received.has(error)) extra.unshift(error.metadata);
  const packed = packDetails(code, details, error.details);
  return { code, details, metadata: legalTrailers(packed, ...extra) };
}

/** The error that a client's caller sees for a status that is not OK. */
export function errorOf(status: StatusObject): GrpcError {
  const error = new GrpcError(statusCode(status.code), status.details, {
    details: unpackDetails(status.metadata),
    metadata: status.metadata,
  });
  received.add(error);
  return error;
}

/** One line of valid Unicode of at most `maxTextBytes`. */
function legalText(text: string): string {
  // No more code units than bytes can be kept: cutting first bounds the work on huge texts.
  const line = Buffer.from(String(text).slice(0, maxTextBytes + 1))
    .toString()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not leave.
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
  const bytes = Buffer.from(line);
  if (bytes.length <= maxTextBytes) return line;
  let end = maxTextBytes - 3;
  // Do not cut a character in the middle: continuation bytes are 10xxxxxx.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString("utf8", 0, end)}...`;
}

function legalTrailers(packed: readonly Buffer[], ...sources: Metadata[]): Metadata {
  const trailers = new Metadata();
  for (const value of packed) trailers.set(detailsKey, value);
  for (const source of sources) copyEntries(source, trailers, maxTrailerBytes);
  return trailers;
}

/** At most one value; details that do not fit are left out, the last ones first. */
function packDetails(code: number, message: string, details: readonly Any[]): Buffer[] {
  for (let count = details.length; count > 0; count -= 1) {
    const status = create(StatusSchema, { code, message, details: details.slice(0, count) });
    const bytes = Buffer.from(toBinary(StatusSchema, status));
    if (entrySize(detailsKey, bytes) <= maxTrailerBytes) return [bytes];
  }
  return [];
}

function unpackDetails(trailer: Metadata): Any[] {
  const [bytes] = trailer.get(detailsKey);
  if (!Buffer.isBuffer(bytes)) return [];
  try {
    return fromBinary(StatusSchema, bytes).details;
  } catch {
    return [];
  }
}
