import type { Dependencies } from "../../dependencies.ts";
import { ownerOf } from "../../files/owner.ts";
import type { FileServiceHandlers } from "../../gen/file_grpc.ts";

/** Removes one file. */
export function deleteFile({ files }: Dependencies): FileServiceHandlers["deleteFile"] {
  return async ({ name }, context) => {
    await files.delete(ownerOf(context), name);
    return {};
  };
}
