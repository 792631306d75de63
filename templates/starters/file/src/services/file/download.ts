import type { Dependencies } from "../../dependencies.ts";
import { ownerOf } from "../../files/owner.ts";
import type { FileServiceHandlers } from "../../gen/file_grpc.ts";

/** Reads the file as fast as the caller takes it. */
export function download({ files }: Dependencies): FileServiceHandlers["download"] {
  return async function* ({ name, offset, length, sha256 }, context) {
    const range = {
      offset: Number(offset),
      length: length === undefined ? undefined : Number(length),
      sha256: sha256 === "" ? undefined : sha256,
    };
    for await (const data of files.read(ownerOf(context), name, range)) yield { data };
  };
}
