import { create } from "@bufbuild/protobuf";
import { requireValid } from "grpc-service/error-details";
import type { Dependencies } from "../../dependencies.ts";
import { uploadState } from "../../files/messages.ts";
import { ownerOf } from "../../files/owner.ts";
import type { UploadServiceHandlers } from "../../gen/file_grpc.ts";
import { type AppendUploadRequest, AppendUploadRequestSchema } from "../../gen/file_pb.ts";

/** Writes each message before it asks for the next one. */
export function appendUpload({ files }: Dependencies): UploadServiceHandlers["appendUpload"] {
  return async (requests, context) => {
    const messages = requests[Symbol.asyncIterator]();
    const first = await messages.next();
    const { uploadId, offset } =
      first.done === true ? create(AppendUploadRequestSchema) : first.value;
    requireValid({ upload_id: uploadId !== "" || "must be in the first message" });
    const bytes = bytesFrom(first, messages);
    const { uploads } = files;
    return uploadState(await uploads.append(ownerOf(context), uploadId, Number(offset), bytes));
  };
}

type Next = IteratorResult<AppendUploadRequest, unknown>;

async function* bytesFrom(
  first: Next,
  messages: AsyncIterator<AppendUploadRequest>,
): AsyncGenerator<Uint8Array, void> {
  for (let next = first; next.done !== true; next = await messages.next()) yield next.value.data;
}
