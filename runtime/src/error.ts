import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { type Any, anyIs, anyUnpack } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";
import { type StatusCode, statusCode } from "./status-code.ts";

/** Options of a `GrpcError`. */
export interface GrpcErrorOptions {
  /** Machine-readable details, made with `errorDetail`; sent as `google.rpc.Status`. */
  readonly details?: readonly Any[];
  /** Trailers: to send on a server, received on a client. */
  readonly metadata?: Metadata;
  /** The underlying error, for logs. It is never sent. */
  readonly cause?: unknown;
  /**
   * Path of the client's call that failed. Set by clients; leave it out to end a call of a server.
   */
  readonly method?: string | undefined;
}

/**
 * The failure of a call. Throw it in a handler or interceptor to end the call with its status.
 * Calls of clients reject with a `GrpcError` and nothing else.
 *
 * The error of a downstream call is not the status of the handler that made the call: left
 * unhandled, it ends the handler's call with INTERNAL, or keeps UNAVAILABLE or DEADLINE_EXCEEDED.
 * To send more to your callers, throw an error of your own:
 *
 * @example
 * ```ts
 * throw new GrpcError(error.code, error.rawMessage, { details: error.details });
 * ```
 */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly code: StatusCode;
  /** The text without the method and code that `message` starts with. */
  readonly rawMessage: string;
  /** Path of the client's call that failed, `/package.Service/Method`; otherwise undefined. */
  readonly method: string | undefined;
  readonly details: readonly Any[];
  /** Trailers: received on a client, to send on a server. */
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
    // A clone, so that later changes to the given one do not change what is sent.
    this.metadata = options.metadata?.clone() ?? new Metadata();
  }

  /** The details of one type, in the order they were added; malformed ones are skipped. */
  findDetails<Desc extends DescMessage>(schema: Desc): MessageShape<Desc>[] {
    const found: MessageShape<Desc>[] = [];
    for (const detail of this.details) {
      if (!anyIs(detail, schema)) continue;
      try {
        const message = anyUnpack(detail, schema);
        if (message !== undefined) found.push(message);
      } catch {
        // The bytes are not a message of that type.
      }
    }
    return found;
  }

  /**
   * Converts anything caught to a `GrpcError`. A `GrpcError` is returned unchanged, a status of
   * grpc-js keeps its code and text. An `AbortError`, which Node.js throws for an aborted signal, becomes
   * the reason of the signal, for example DEADLINE_EXCEEDED; without one, CANCELLED. Any other error becomes
   * INTERNAL "internal error" with `error` as its private cause, since callers must not see it.
   */
  static from(error: unknown): GrpcError {
    if (isGrpcError(error)) return error;
    if (isGrpcStatus(error)) {
      return new GrpcError(statusCode(error.code), error.details, { cause: error });
    }
    const reason = abortReason(error);
    if (reason !== undefined) return reason;
    if (isAbort(error)) return new GrpcError("CANCELLED", "aborted", { cause: error });
    return new GrpcError("INTERNAL", "internal error", { cause: error });
  }
}

/** Whether `error` is a bug or an outage, which must be reported, and not a status. */
export function isUnexpected(error: unknown): boolean {
  return !(isGrpcError(error) || isGrpcStatus(error) || isAbort(error));
}

/**
 * Whether `error` is the failure of a call to another server, made by our clients or by grpc-js'.
 */
export function isReceived(error: unknown): boolean {
  const status = abortReason(error) ?? error;
  if (isGrpcError(status)) return status.method !== undefined;
  // A `ServiceError`. A status written by hand is not an Error or has no metadata.
  const isServiceError = () =>
    error instanceof Error && "metadata" in error && error.metadata !== undefined;
  return isGrpcStatus(error) && (tried(isServiceError) ?? false);
}

/** The text of anything that was thrown. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function isGrpcError(error: unknown): error is GrpcError {
  return tried(() => error instanceof GrpcError) ?? false;
}

/**
 * Errors of grpc-js (`ServiceError`, `StatusObject`): `code` is a number and `details` a string.
 */
function isGrpcStatus(error: unknown): error is { code: number; details: string } {
  const isStatus = tried(
    () =>
      typeof error === "object" &&
      error !== null &&
      "code" in error &&
      typeof error.code === "number" &&
      error.code !== 0 &&
      "details" in error &&
      typeof error.details === "string",
  );
  return isStatus ?? false;
}

function isAbort(error: unknown): error is Error {
  return tried(() => error instanceof Error && error.name === "AbortError") ?? false;
}

/** The reason of the signal, which Node.js keeps as the cause of its `AbortError`. */
function abortReason(error: unknown): GrpcError | undefined {
  const cause = isAbort(error) ? tried(() => error.cause) : undefined;
  return isGrpcError(cause) ? cause : undefined;
}

/** The result of `work`, or undefined if it throws: anything can be thrown, also a proxy that throws. */
function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
