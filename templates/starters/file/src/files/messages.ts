import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { StoredFile, StoredUpload } from "grpc-service/files";
import type { FileInfoSchema, UploadStateSchema } from "../gen/file_pb.ts";

export function fileInfo(file: StoredFile): MessageInitShape<typeof FileInfoSchema> {
  const { name, size, sha256, createdAt } = file;
  return { name, size: BigInt(size), sha256, createTime: timestampFromDate(createdAt) };
}

export function uploadState(upload: StoredUpload): MessageInitShape<typeof UploadStateSchema> {
  const { id, name, committed, size, expiresAt } = upload;
  return {
    uploadId: id,
    name,
    committed: BigInt(committed),
    ...(size !== undefined && { size: BigInt(size) }),
    expireTime: timestampFromDate(expiresAt),
  };
}
