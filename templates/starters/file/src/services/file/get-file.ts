import type { Dependencies } from "../../dependencies.ts";
import { fileInfo } from "../../files/messages.ts";
import { ownerOf } from "../../files/owner.ts";
import type { FileServiceHandlers } from "../../gen/file_grpc.ts";

/** Describes one file. */
export function getFile({ files }: Dependencies): FileServiceHandlers["getFile"] {
  return async ({ name }, context) => fileInfo(await files.find(ownerOf(context), name));
}
