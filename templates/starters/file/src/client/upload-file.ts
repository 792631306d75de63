import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { GrpcError } from "grpc-service";
import type { UploadServiceClient } from "../gen/file_client.ts";
import type { FileInfo } from "../gen/file_pb.ts";
import { fileChunks, sha256Of } from "./chunks.ts";

/** Calls for one file, with growing pauses between them: half a minute in all. */
const maxAttempts = 9;
const firstPauseMs = 100;

/** Options of `uploadFile`. */
export interface UploadFileOptions {
  /** Continues this upload. Default: a new one. */
  readonly uploadId?: string | undefined;
  /** Called before each attempt with the bytes that the server has. */
  readonly onAttempt?: (uploadId: string, committed: number, size: number) => void;
}

/**
 * Uploads a local file. After a lost connection it continues where the server says. After the end of this
 * process, another one can continue with the id of the upload.
 *
 * @throws GrpcError of a call that will not succeed later
 */
export async function uploadFile(
  uploads: UploadServiceClient,
  path: string,
  name: string,
  options: UploadFileOptions = {},
): Promise<FileInfo> {
  const { size } = await stat(path);
  const uploadId =
    options.uploadId ?? (await uploads.startUpload({ name, size: BigInt(size) })).uploadId;
  const sha256 = await sha256Of(fileChunks(path, 0));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const committed = Number((await uploads.getUpload({ uploadId })).committed);
      options.onAttempt?.(uploadId, committed, size);
      if (committed < size) {
        await uploads.appendUpload(messages(uploadId, path, committed), { timeoutMs: 0 });
      }
      return await uploads.finishUpload({ uploadId, sha256 }, { timeoutMs: 60_000 });
    } catch (error) {
      if (GrpcError.from(error).code !== "UNAVAILABLE" || attempt === maxAttempts) throw error;
      await delay(firstPauseMs * 2 ** (attempt - 1));
    }
  }
}

async function* messages(uploadId: string, path: string, committed: number) {
  yield { uploadId, offset: BigInt(committed) };
  for await (const data of fileChunks(path, committed)) yield { data };
}
