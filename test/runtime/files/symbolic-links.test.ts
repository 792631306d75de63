import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataFile, keyOf, recordFile } from "../../../runtime/src/files/layout.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { chunks, leftovers, openStore, textOf } from "./store.ts";

const newFolder = temporaryFolders();

/** A store with one file, and a folder that no caller may reach. */
async function start() {
  const folder = newFolder();
  const outside = newFolder();
  const store = await openStore(folder);
  await store.put("ada", "a", chunks("mine"));
  const owner = join(folder, "files", keyOf("ada"));
  return { store, folder, outside, owner, file: join(owner, keyOf("a")) };
}

test.each([
  ["the bytes", (file: string) => join(file, dataFile)],
  ["the record", (file: string) => join(file, recordFile)],
  ["the file", (file: string) => file],
  ["the owner", (file: string) => join(file, "..")],
])("a link in the place of %s is not read", async (_, place) => {
  const { store, outside, file } = await start();
  const path = place(file);
  // The same content, elsewhere.
  renameSync(path, join(outside, "moved"));
  symlinkSync(join(outside, "moved"), path);
  await expect(textOf(store.read("ada", "a"))).rejects.toThrow("is a symbolic link");
});

test("a link in the place of an owner is not written to", async () => {
  const { store, folder, outside } = await start();
  symlinkSync(outside, join(folder, "files", keyOf("grace")));
  await expect(store.put("grace", "a", chunks("a"))).rejects.toThrow("is a symbolic link");
  expect(readdirSync(outside)).toEqual([]);
});

test("a link in the place of an owner's uploads is not written to, and nothing is left", async () => {
  const { store, folder, outside } = await start();
  symlinkSync(outside, join(folder, "uploads", keyOf("grace")));
  await expect(store.uploads.start("grace", "a")).rejects.toThrow("is a symbolic link");
  expect(readdirSync(outside)).toEqual([]);
  expect(leftovers(folder)).toEqual([]);
});

test("a link in the place of an upload's bytes is not written to", async () => {
  const { store, folder, outside } = await start();
  const { id } = await store.uploads.start("ada", "b");
  const data = join(folder, "uploads", keyOf("ada"), id, dataFile);
  const target = join(outside, "target");
  writeFileSync(target, "");
  rmSync(data);
  symlinkSync(target, data);
  await expect(store.uploads.append("ada", id, 0, chunks("a"))).rejects.toThrow("symbolic link");
});

test("what a link leads to stays when the link's folder is removed", async () => {
  const { store, outside, file } = await start();
  mkdirSync(join(outside, "kept"));
  symlinkSync(join(outside, "kept"), join(file, "extra"));
  await store.delete("ada", "a");
  expect(readdirSync(outside)).toEqual(["kept"]);
});

test("the folder itself may be a link", async () => {
  const { outside } = await start();
  const link = join(newFolder(), "link");
  symlinkSync(outside, link);
  const store = await openStore(link);
  await store.put("ada", "a", chunks("through the link"));
  expect(await textOf(store.read("ada", "a"))).toBe("through the link");
});
