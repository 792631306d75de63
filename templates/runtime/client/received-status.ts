import { type Metadata, type StatusObject, status as statusNumbers } from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
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
