import type { Dependencies } from "../../dependencies.ts";
import { uploadState } from "../../files/messages.ts";
import { ownerOf } from "../../files/owner.ts";
import type { UploadServiceHandlers } from "../../gen/file_grpc.ts";

/** Says where to continue. */
export function getUpload({ files }: Dependencies): UploadServiceHandlers["getUpload"] {
  return async ({ uploadId }, context) =>
    uploadState(await files.uploads.find(ownerOf(context), uploadId));
}
