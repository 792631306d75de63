import { type Metadata, type StatusObject, status as statusNumbers } from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
import type { MethodInfo } from "../method.ts";
import { errorOf } from "../status.ts";

/**
 * Why a call has failed; undefined when its status is OK. Mends what grpc-js makes of answers that
 * are not gRPC's.
 */
export function failureOf(
  status: StatusObject,
  trailer: Metadata,
  header: Metadata | undefined,
): GrpcError | undefined {
  const { code, details = "" } = status;
  if (typeof code !== "number") {
    // What grpc-js' decompression throws is no status, although it takes it for one.
    return new GrpcError("INTERNAL", "the response is compressed in a way that is not supported");
  }
  const type = foreignType(header);
  // Bytes that are no messages often begin like one that is too large.
  if (
    type !== undefined &&
    (code === statusNumbers.OK || code === statusNumbers.RESOURCE_EXHAUSTED)
  ) {
    return new GrpcError("UNKNOWN", `the answer is not gRPC but ${JSON.stringify(type)}`, {
      metadata: trailer,
    });
  }
  return code === statusNumbers.OK ? undefined : errorOf({ code, details, metadata: trailer });
}

/** The content type of a response that is not gRPC's, such as the error page of a proxy. */
function foreignType(header: Metadata | undefined): string | undefined {
  const type = header?.get("content-type")[0];
  return typeof type === "string" && !type.startsWith("application/grpc") ? type : undefined;
}

/** What sources of requests have thrown: errors of the caller's own, whatever call they ended. */
const ownErrors = new WeakSet<GrpcError>();

/** What a call fails with whose source of requests has thrown `error`. */
export function sourceFailure(error: unknown): GrpcError {
  if (!(error instanceof GrpcError)) {
    return new GrpcError("INTERNAL", "the stream of requests failed", { cause: error });
  }
  ownErrors.add(error);
  return error;
}

/**
 * What a call rejects with: its failure, and which call it was. An error that names a call already was
 * handed on by an interceptor, and keeps that name.
 */
export function callFailure(error: GrpcError, { path }: MethodInfo): GrpcError {
  if (error.method !== undefined || ownErrors.has(error)) return error;
  const { code, rawMessage, details, metadata, cause } = error;
  return new GrpcError(code, rawMessage, { details, metadata, cause, method: path });
}

/**
 * Lets the stack of a failure tell who waits for the reply. Other than a `CallSite` it costs nothing
 * where calls succeed; but only an `async` function that has waited itself finds out.
 */
export function shownWhereAwaited(failure: unknown): unknown {
  if (failure instanceof GrpcError && !ownErrors.has(failure)) Error.captureStackTrace(failure);
  return failure;
}

/** The place in the program where a call is made; its failure arrives without any. */
export class CallSite {
  /** V8's, and only made into text when it is read. */
  readonly stack: string = "";

  constructor() {
    Error.captureStackTrace(this, CallSite);
  }

  /** Lets the stack of a failure tell who made the call, rather than how grpc-js heard of its end. */
  showIn(failure: GrpcError): void {
    if (ownErrors.has(failure)) return;
    const frames = this.stack.slice(this.stack.indexOf("\n"));
    failure.stack = `${failure.name}: ${failure.message}${frames}`;
  }
}
