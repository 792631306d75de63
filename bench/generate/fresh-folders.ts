import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Does work that needs empty folders, one after the other. They are removed when all is done: ext4
 * looks long for the place of a new file where it has removed others within the last minute, and
 * would make programs that write many files look slow.
 */
export async function inFreshFolders<T>(
  work: (freshFolder: () => Promise<string>) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "create-grpc-service-bench-"));
  let made = 0;
  try {
    return await work(async () => {
      const folder = join(root, `${made++}`);
      await mkdir(folder);
      return folder;
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
