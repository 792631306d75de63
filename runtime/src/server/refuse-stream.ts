import { constants, type ServerHttp2Stream } from "node:http2";
import type { GrpcError } from "../error.ts";
import { errorStatus } from "../status.ts";

/** Answers a call that grpc-js has not seen with a status and nothing else (gRPC's "Trailers-Only"). */
export function refuseStream(stream: ServerHttp2Stream, error: GrpcError): void {
  const { code, details, metadata } = errorStatus(error);
  stream.respond(
    {
      [constants.HTTP2_HEADER_STATUS]: constants.HTTP_STATUS_OK,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc+proto",
      "grpc-status": code,
      "grpc-message": encodeURI(details),
      ...metadata.toHttp2Headers(),
    },
    { endStream: true },
  );
  // What the caller still sends is dropped.
  stream.resume();
}
