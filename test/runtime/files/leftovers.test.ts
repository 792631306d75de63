import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { chunks, newStore, openStore } from "./store.ts";

const newFolder = temporaryFolders();

test("files that are not of the store do not keep it from starting, and count for nobody", async () => {
  const folder = newFolder();
  const before = newStore(folder);
  await before.open();
  await before.put("ada", "a", chunks("12345"));
  await before.uploads.start("ada", "b");
  await before.close();
  for (const part of ["files", "uploads"]) {
    const [owner = ""] = readdirSync(join(folder, part));
    for (const place of [part, join(part, owner)]) {
      writeFileSync(join(folder, place, ".DS_Store"), "left by a file browser");
    }
  }
  const limits = { maxFilesPerOwner: 2, maxUploadsPerOwner: 2, uploadTtlMs: 0 };
  const store = await openStore(folder, limits);
  expect(store.usedBytes).toBe(5);
  await store.uploads.start("ada", "d");
  await store.put("ada", "c", chunks("1"));
  expect((await store.list("ada", { limit: 9 })).files).toHaveLength(2);
  expect(await store.uploads.removeAbandoned()).toBe(2);
});

test("an upload that the server was making a file when it ended may still grow", async () => {
  const folder = newFolder();
  const before = newStore(folder);
  await before.open();
  const { id } = await before.uploads.start("ada", "a");
  await before.uploads.append("ada", id, 0, chunks("12345"));
  await before.close();
  const [owner = ""] = readdirSync(join(folder, "uploads"));
  const record = join(folder, "uploads", owner, id, "about.json");
  const started: object = JSON.parse(readFileSync(record, "utf8"));
  writeFileSync(record, JSON.stringify({ ...started, size: 5, sha256: "00", upload: id }));
  const store = await openStore(folder);
  expect(await store.uploads.find("ada", id)).toMatchObject({ committed: 5, size: undefined });
  await store.uploads.append("ada", id, 5, chunks("67"));
  expect(await store.uploads.finish("ada", id)).toMatchObject({ size: 7 });
});
