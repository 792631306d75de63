import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { type Any, anyIs, anyUnpack } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";

const codeNumbers = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The ways in which a call can fail; OK is not among them. */
export type StatusCode = keyof typeof codeNumbers;

const codesByNumber = new Map<number, StatusCode>();
for (const [code, number] of Object.entries(codeNumbers)) {
  // `Object.entries` forgets that the keys of `codeNumbers` are the codes.
  codesByNumber.set(number, code as StatusCode);
}

/** Number of a status code on the wire, 1 to 16; UNKNOWN's for what is no code. */
export function statusNumber(code: StatusCode): number {
  // JavaScript may come with any text, even with a name that every object has.
  return Object.hasOwn(codeNumbers, code) ? codeNumbers[code] : codeNumbers.UNKNOWN;
}

/** Code of a number on the wire; numbers that gRPC does not define are UNKNOWN. */
export function statusCode(number: number): StatusCode {
  return codesByNumber.get(number) ?? "UNKNOWN";
}

/** What an error carries besides its code and its text. */
export interface GrpcErrorOptions {
  /** Facts for programs, made with `errorDetail`; they travel as `google.rpc.Status`. */
  readonly details?: readonly Any[];
  /** Trailers to send, or those received. */
  readonly metadata?: Metadata;
  /** What went wrong underneath. For logs: it never leaves the process. */
  readonly cause?: unknown;
  /** Path of the call that failed so. Clients give it; what is thrown to end a call has none. */
  readonly method?: string | undefined;
}

/**
 * The failure of a call. Throw it in handlers and interceptors to end the call with its status; a
 * client's calls reject with it and nothing else.
 *
 * What a client's call has failed with is no status of a handler's own: left unhandled it ends the
 * handler's call with INTERNAL, or with UNAVAILABLE or DEADLINE_EXCEEDED if it was that. To tell callers
 * more, throw an error of your own:
 *
 * @example
 * ```ts
 * throw new GrpcError(error.code, error.rawMessage, { details: error.details });
 * ```
 */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly code: StatusCode;
  /** The text alone; `message` has method and code in front of it. */
  readonly rawMessage: string;
  /** Path of the client's call that failed so, `/package.Service/Method`; else undefined. */
  readonly method: string | undefined;
  readonly details: readonly Any[];
  /** Trailers: received ones on a client, ones to send on a server. */
  readonly metadata: Metadata;

  constructor(code: StatusCode, message: string, options: GrpcErrorOptions = {}) {
    super(
      [options.method, `[${code}]`, message].filter(Boolean).join(" "),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.method = options.method;
    this.rawMessage = message;
    this.details = options.details ?? [];
    // A clone: what is done to the given one later must not change what leaves.
    this.metadata = options.metadata?.clone() ?? new Metadata();
  }

  /** The details of one type, in the order they were added; malformed ones are left out. */
  findDetails<Desc extends DescMessage>(schema: Desc): MessageShape<Desc>[] {
    const found: MessageShape<Desc>[] = [];
    for (const detail of this.details) {
      if (!anyIs(detail, schema)) continue;
      try {
        const message = anyUnpack(detail, schema);
        if (message !== undefined) found.push(message);
      } catch {
        // The sender's bytes are not what their type says.
      }
    }
    return found;
  }

  /**
   * Makes a `GrpcError` of anything caught: a `GrpcError` is answered as it is, a status of grpc-js
   * keeps its code and text, an abort is CANCELLED. Whatever else it is, callers must not see it:
   * INTERNAL "internal error", with `error` as the private cause.
   */
  static from(error: unknown): GrpcError {
    if (isGrpcError(error)) return error;
    if (isGrpcStatus(error)) {
      return new GrpcError(statusCode(error.code), error.details, { cause: error });
    }
    if (isAbort(error)) return new GrpcError("CANCELLED", "aborted", { cause: error });
    return new GrpcError("INTERNAL", "internal error", { cause: error });
  }
}

/** Whether nobody meant `error` to be the status of a call: it is a bug or an outage to report. */
export function isUnexpected(error: unknown): boolean {
  return !(isGrpcError(error) || isGrpcStatus(error) || isAbort(error));
}

/** Whether `error` is what a call to another server has failed with, by our clients or grpc-js'. */
export function isReceived(error: unknown): boolean {
  if (isGrpcError(error)) return error.method !== undefined;
  // A `ServiceError`. Those who throw a status of grpc-js by hand leave out one part or the other.
  return (
    isGrpcStatus(error) &&
    looksLike(() => error instanceof Error && "metadata" in error && error.metadata !== undefined)
  );
}

function isGrpcError(error: unknown): error is GrpcError {
  return looksLike(() => error instanceof GrpcError);
}

/** Errors of grpc-js (`ServiceError`, `StatusObject`): a number as code and a text as details. */
function isGrpcStatus(error: unknown): error is { code: number; details: string } {
  return looksLike(
    () =>
      typeof error === "object" &&
      error !== null &&
      "code" in error &&
      typeof error.code === "number" &&
      error.code !== 0 &&
      "details" in error &&
      typeof error.details === "string",
  );
}

function isAbort(error: unknown): boolean {
  return looksLike(() => error instanceof Error && error.name === "AbortError");
}

/** Anything can be thrown, also what throws when it is looked at. */
function looksLike(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}
