import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { GrpcError } from "grpc-service";
import type { UploadServiceClient } from "../gen/file_client.ts";
import type { FileInfo } from "../gen/file_pb.ts";
import { fileChunks, sha256Of } from "./chunks.ts";

/** Calls for one file, with growing pauses between them: half a minute in all. */
const maxAttempts = 9;
const firstPauseMs = 100;

/** How an upload goes on. */
export interface UploadProgress {
  /** Bytes that the server has, before each attempt. */
  onAttempt?(committed: number, size: number): void;
}

/**
 * Uploads a local file. After a lost connection it continues where the server says.
 *
 * @throws GrpcError of a call that will not succeed later
 */
export async function uploadFile(
  uploads: UploadServiceClient,
  path: string,
  name: string,
  progress: UploadProgress = {},
): Promise<FileInfo> {
  const { size } = await stat(path);
  const { uploadId } = await uploads.startUpload({ name, size: BigInt(size) });
  const sha256 = await sha256Of(fileChunks(path, 0));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const committed = Number((await uploads.getUpload({ uploadId })).committed);
      progress.onAttempt?.(committed, size);
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
