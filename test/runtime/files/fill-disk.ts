import { FileStore } from "../../../runtime/src/files/index.ts";
import { failureOf } from "../../../runtime/src/testing/index.ts";

/**
 * Writes 8 MiB to a folder that has no room for them, as a file and as an upload, and prints what comes of
 * it as JSON.
 */
const store = new FileStore({
  folder: process.argv[2],
  maxFileBytes: 1e12,
  quotaBytes: 1e12,
  maxBytesPerOwner: 1e12,
  maxFilesPerOwner: 10,
  maxUploadsPerOwner: 10,
  uploadTtlMs: 60_000,
});
await store.open();

async function* mebibytes(count: number): AsyncGenerator<Uint8Array, void> {
  for (let sent = 0; sent < count; sent += 1) yield Buffer.alloc(1024 * 1024, "x");
}

const put = await failureOf(store.put("ada", "a", mebibytes(8)));
const usedAfterPut = store.usedBytes;
const found = await failureOf(store.find("ada", "a"));
const { id } = await store.uploads.start("ada", "b");
await store.uploads.append("ada", id, 0, mebibytes(1));
const append = await failureOf(store.uploads.append("ada", id, 1024 * 1024, mebibytes(8)));
const { committed } = await store.uploads.find("ada", id);
const usedAfterAppend = store.usedBytes;
await store.uploads.cancel("ada", id);
// What was left would take the room of this file.
const { size } = await store.put("ada", "c", mebibytes(3));
await store.close();
const codes = [put, found, append].map(({ code, rawMessage }) => ({ code, rawMessage }));
console.log(JSON.stringify({ codes, usedAfterPut, committed, usedAfterAppend, size }));
