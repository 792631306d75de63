import type { Dependencies } from "../../dependencies.ts";
import { ownerOf } from "../../files/owner.ts";
import type { UploadServiceHandlers } from "../../gen/file_grpc.ts";

/** Removes an upload. */
export function cancelUpload({ files }: Dependencies): UploadServiceHandlers["cancelUpload"] {
  return async ({ uploadId }, context) => {
    await files.uploads.cancel(ownerOf(context), uploadId);
    return {};
  };
}
