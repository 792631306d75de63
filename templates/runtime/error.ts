import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { type Any, anyIs, anyUnpack } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";
import { type StatusCode, statusCode } from "./status-code.ts";

export interface GrpcErrorOptions {
  /** Facts for programs, made with `errorDetail`; they travel as `google.rpc.Status`. */
  readonly details?: readonly Any[];
  /** Trailers to send, or those received. */
  readonly metadata?: Metadata;
  /** What went wrong underneath. For logs: it never leaves the process. */
  readonly cause?: unknown;
}

/**
 * The failure of a call. Throw it in handlers and interceptors to end the call with its status; a
 * client's calls reject with it and nothing else.
 */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly code: StatusCode;
  /** The text alone; `message` has the code in front of it. */
  readonly rawMessage: string;
  readonly details: readonly Any[];
  /** Trailers: received ones on a client, ones to send on a server. */
  readonly metadata: Metadata;

  constructor(code: StatusCode, message: string, options: GrpcErrorOptions = {}) {
    super(
      message === "" ? `[${code}]` : `[${code}] ${message}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
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
