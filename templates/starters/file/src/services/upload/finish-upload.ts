import type { Dependencies } from "../../dependencies.ts";
import { fileInfo } from "../../files/messages.ts";
import { ownerOf } from "../../files/owner.ts";
import type { UploadServiceHandlers } from "../../gen/file_grpc.ts";

/** Makes an upload a file. */
export function finishUpload({ files }: Dependencies): UploadServiceHandlers["finishUpload"] {
  return async ({ uploadId, sha256 }, context) => {
    const check = { sha256: sha256 === "" ? undefined : sha256, signal: context.signal };
    return fileInfo(await files.uploads.finish(ownerOf(context), uploadId, check));
  };
}
