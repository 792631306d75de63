import { type Metadata, type StatusObject, status as statusNumbers } from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
import { isDecompressionFailure } from "../grpc-js-internals/decompression-failure.ts";
import { statusOfReset } from "../grpc-js-internals/write-failure.ts";
import type { MethodInfo } from "../method.ts";
import { errorOf } from "../status.ts";

/**
 * The failure of a call; undefined if its status is OK. Corrects what grpc-js reports for responses
 * that are not gRPC.
 */
export function failureOf(
  reported: StatusObject,
  trailer: Metadata,
  header: Metadata | undefined,
): GrpcError | undefined {
  if (isDecompressionFailure(reported)) {
    return new GrpcError("INTERNAL", "the response is compressed in a way that is not supported");
  }
  const { code, details = "" } = statusOfReset(reported) ?? reported;
  const type = foreignType(header);
  // Other content often looks like a message that is too large.
  if (
    type !== undefined &&
    (code === statusNumbers.OK || code === statusNumbers.RESOURCE_EXHAUSTED)
  ) {
    return new GrpcError("UNKNOWN", `the answer is not gRPC but ${JSON.stringify(type)}`, {
      metadata: trailer,
    });
  }
  if (code === statusNumbers.OK) return undefined;
  return errorOf({ code, details: withProxy(details), metadata: trailer });
}

/** Says what happened when a proxy refused: grpc-js gives no reason then. */
function withProxy(details: string): string {
  return details.replace(noReason, "$1the HTTP proxy refused or did not answer");
}

const noReason = /^((?:\w+: )?No connection established\. Last error: )undefined/;

/** The content type of a response that is not gRPC, such as the error page of a proxy. */
function foreignType(header: Metadata | undefined): string | undefined {
  const type = header?.get("content-type")[0];
  return typeof type === "string" && !type.startsWith("application/grpc") ? type : undefined;
}

/** Errors thrown by sources of requests. They belong to the caller and are passed on unchanged. */
const sourceErrors = new WeakSet<GrpcError>();

/** The failure of a call whose source of requests threw `error`. */
export function sourceFailure(error: unknown): GrpcError {
  if (!(error instanceof GrpcError)) {
    return new GrpcError("INTERNAL", "the stream of requests failed", { cause: error });
  }
  sourceErrors.add(error);
  return error;
}

/**
 * The error that a call rejects with: its failure and the path of the method. An error that has a
 * path already was passed on by an interceptor, and keeps it.
 */
export function callFailure(error: GrpcError, { path }: MethodInfo): GrpcError {
  if (error.method !== undefined || sourceErrors.has(error)) return error;
  const { code, rawMessage, details, metadata, cause } = error;
  return new GrpcError(code, rawMessage, { details, metadata, cause, method: path });
}

/**
 * Sets the stack of a failure to where the response is awaited. Unlike a `CallSite`, it costs
 * nothing for calls that succeed, but it works only in an `async` function that has awaited the
 * response.
 */
export function withAwaitingStack(failure: unknown): unknown {
  if (failure instanceof GrpcError && !sourceErrors.has(failure)) Error.captureStackTrace(failure);
  return failure;
}

/** The place in the program where a call is made. The stack of a later failure does not show it. */
export class CallSite {
  /** Set by V8, which formats it only when it is read. */
  readonly stack: string = "";

  constructor() {
    Error.captureStackTrace(this, CallSite);
  }

  /** Replaces the stack of a failure, which shows grpc-js' internals, by this place. */
  showIn(failure: GrpcError): void {
    if (sourceErrors.has(failure)) return;
    const frames = this.stack.slice(this.stack.indexOf("\n"));
    failure.stack = `${failure.name}: ${failure.message}${frames}`;
  }
}
