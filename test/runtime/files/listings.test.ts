import type fs from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { failureOf } from "../../../runtime/src/testing/index.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { chunks, openStore } from "./store.ts";

/** The number of folders that were listed. That of a caller may have thousands of files. */
const listings = vi.hoisted(() => ({ count: 0 }));

vi.mock("node:fs/promises", async (load) => {
  const original = await load<typeof fs>();
  const readdir = (path: string) => {
    listings.count += 1;
    return original.readdir(path);
  };
  return { ...original, readdir };
});

const newFolder = temporaryFolders();

async function listingsOf(work: () => Promise<unknown>): Promise<number> {
  listings.count = 0;
  await work();
  return listings.count;
}

test("a file lists the files of its owner once before its bytes come, and once after them", async () => {
  const store = await openStore(newFolder());
  const { uploads } = store;
  expect(await listingsOf(() => store.put("ada", "a", chunks("1")))).toBe(2);
  const { id } = await uploads.start("ada", "b");
  expect(await listingsOf(() => uploads.finish("ada", id))).toBe(1);
});

test("the start of an upload lists the files and the uploads of its owner once", async () => {
  const { uploads } = await openStore(newFolder(), { maxUploadsPerOwner: 1 });
  expect(await listingsOf(() => uploads.start("ada", "a"))).toBe(2);
  const refused = () => failureOf(uploads.start("ada", "b"));
  expect(await listingsOf(refused)).toBe(2);
});
