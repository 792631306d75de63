import { expect, test } from "vitest";
import { failureOf } from "../../../runtime/src/testing/index.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { chunks, newStore, openStore } from "./store.ts";

const newFolder = temporaryFolders();

test("an owner that is full leaves room for others, also after a restart", async () => {
  const folder = newFolder();
  const limits = { maxBytesPerOwner: 10, maxFileBytes: 10 };
  const before = newStore(folder, limits);
  await before.open();
  await before.put("ada", "a", chunks("12345"));
  const { id } = await before.uploads.start("ada", "b");
  await before.uploads.append("ada", id, 0, chunks("67890"));
  await before.close();
  const store = await openStore(folder, limits);
  const full = { code: "RESOURCE_EXHAUSTED", rawMessage: "a caller may have at most 10 bytes" };
  expect(await failureOf(store.put("ada", "c", chunks("1")))).toMatchObject(full);
  await store.put("grace", "c", chunks("12345", "67890"));
  // What was there before is given back in full: by another start of the upload, and by its end.
  await store.uploads.append("ada", id, 2, chunks("8"));
  await store.put("ada", "c", chunks("12"));
  expect(await failureOf(store.put("ada", "d", chunks("1")))).toMatchObject(full);
  await store.uploads.cancel("ada", id);
  await store.put("ada", "d", chunks("123"));
  expect(store.usedBytes).toBe(20);
});

test("the quota holds for calls at the same time", async () => {
  const store = await openStore(newFolder(), { quotaBytes: 50 });
  const calls = Array.from({ length: 10 }, (_, index) =>
    store.put("ada", `${index}`, chunks("12345", "67890")),
  );
  const ends = await Promise.allSettled(calls);
  const stored = ends.filter(({ status }) => status === "fulfilled").length;
  expect(store.usedBytes).toBe(stored * 10);
  expect(stored).toBeLessThanOrEqual(5);
});
