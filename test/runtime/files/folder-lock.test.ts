import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { lockFolder } from "../../../runtime/src/files/folder-lock.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";

const newFolder = temporaryFolders();
const place = () => join(newFolder(), "lock");

test("keeps a second owner away, and names the process of the first", async () => {
  const path = place();
  const lock = await lockFolder(path, "the store");
  await expect(lockFolder(path, "the store")).rejects.toThrow(
    `the store is in use by the process ${process.pid}`,
  );
  await lock.release();
  await (await lockFolder(path, "the store")).release();
});

test("waits for a server that is being restarted", async () => {
  const path = place();
  const lock = await lockFolder(path, "the store");
  const waiting = lockFolder(path, "the store");
  await lock.release();
  await (await waiting).release();
});

test.each([
  ["a process that has ended", "999999999"],
  ["a process of a container that was killed and had the id of this one", `${process.pid}`],
  ["nobody", "no number"],
  ["a process that ended before it had written its id", ""],
])("does not count for %s", async (_, holder) => {
  const path = place();
  await writeFile(path, holder);
  await (await lockFolder(path, "the store")).release();
});

test("of several that find a lock that was left, one has it", async () => {
  const path = place();
  await writeFile(path, "999999999");
  const locks = Array.from({ length: 5 }, () => lockFolder(path, "the store"));
  const ends = await Promise.allSettled(locks);
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a lock that is just being written counts", async () => {
  const path = place();
  await writeFile(path, "");
  const waiting = lockFolder(path, "the store");
  await delay(200);
  await writeFile(path, `${process.ppid}`);
  await expect(waiting).rejects.toThrow(`in use by the process ${process.ppid}`);
});
