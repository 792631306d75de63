import type { Dependencies } from "../../dependencies.ts";
import { uploadState } from "../../files/messages.ts";
import { ownerOf } from "../../files/owner.ts";
import type { UploadServiceHandlers } from "../../gen/file_grpc.ts";

/** Starts an upload that can be continued. */
export function startUpload({ files }: Dependencies): UploadServiceHandlers["startUpload"] {
  return async ({ name, size }, context) => {
    const bytes = size === undefined ? undefined : Number(size);
    return uploadState(await files.uploads.start(ownerOf(context), name, bytes));
  };
}
