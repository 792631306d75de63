import type { StatusObject } from "@grpc/grpc-js";

/**
 * Whether what a client's call ended with is an error of decompression. grpc-js passes the thrown
 * `Error` on as if it were a status, so that its `code` is not a number. Fall-back if grpc-js
 * reports a proper status one day: false, and that status is used.
 */
export function isDecompressionFailure(status: StatusObject): boolean {
  return typeof status.code !== "number";
}
