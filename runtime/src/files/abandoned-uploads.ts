import { join } from "node:path";
import { unlessMissing } from "./disk-failure.ts";
import { namesIn, openFile } from "./durable.ts";
import { dataFile, isKey, isUploadId } from "./layout.ts";
import type { Shelf } from "./shelf.ts";

/** The uploads that have had no byte for longer than the limit. */
export async function* abandonedUploads({
  layout,
  limits,
  clock,
}: Shelf): AsyncGenerator<{ ownerKey: string; folder: string; id: string }, void> {
  const before = clock().getTime() - limits.uploadTtlMs;
  for (const ownerKey of await namesIn(layout.uploads, isKey)) {
    for (const id of await namesIn(join(layout.uploads, ownerKey), isUploadId)) {
      const folder = join(layout.uploads, ownerKey, id);
      const written = await unlessMissing(lastWritten(folder));
      if (written !== undefined && written <= before) yield { ownerKey, folder, id };
    }
  }
}

/** When the bytes of an upload last changed, in milliseconds. */
async function lastWritten(folder: string): Promise<number> {
  const handle = await openFile(join(folder, dataFile), "read");
  try {
    return (await handle.stat()).mtimeMs;
  } finally {
    await handle.close();
  }
}
