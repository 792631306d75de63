import { requireValid } from "grpc-service/error-details";
import type { Dependencies } from "../../dependencies.ts";
import { fileInfo } from "../../files/messages.ts";
import { ownerOf } from "../../files/owner.ts";
import type { FileServiceHandlers } from "../../gen/file_grpc.ts";

const defaultPageSize = 100;
const maxPageSize = 1000;

/** Returns one page of the caller's files. */
export function listFiles({ files }: Dependencies): FileServiceHandlers["listFiles"] {
  return async ({ pageSize, pageToken }, context) => {
    requireValid({ page_size: pageSize >= 0 || `must be at least 0, not ${pageSize}` });
    const limit = Math.min(pageSize || defaultPageSize, maxPageSize);
    const page = await files.list(ownerOf(context), { limit, after: pageToken });
    return { files: page.files.map(fileInfo), nextPageToken: page.next ?? "" };
  };
}
