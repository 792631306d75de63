import type { Dependencies } from "../../dependencies.ts";
import { requestedName, sendName } from "../../files/file-name.ts";
import { ownerOf } from "../../files/owner.ts";
import type { FileServiceHandlers } from "../../gen/file_grpc.ts";
import type { FileChunk } from "../../gen/file_pb.ts";

/** Writes each chunk before it asks for the next one. */
export function upload({ files }: Dependencies): FileServiceHandlers["upload"] {
  return async (requests, context) => {
    const { signal } = context;
    const name = requestedName(context);
    const file = await files.put(ownerOf(context), name, bytesOf(requests), signal);
    sendName(context, file.name);
    return { success: true, totalSize: BigInt(file.size) };
  };
}

async function* bytesOf(chunks: AsyncIterable<FileChunk>): AsyncGenerator<Uint8Array, void> {
  for await (const { data } of chunks) yield data;
}
