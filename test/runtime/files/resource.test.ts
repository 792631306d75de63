import { existsSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileStoreResource } from "../../../runtime/src/files/index.ts";
import { dataFile, keyOf } from "../../../runtime/src/files/layout.ts";
import { cleanUp } from "../support/echo.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { newStore, openStore } from "./store.ts";

const newFolder = temporaryFolders();

test("removes abandoned uploads at start, and says so", async () => {
  const folder = newFolder();
  const before = await openStore(folder);
  const { id } = await before.uploads.start("ada", "a");
  await before.close();
  utimesSync(join(folder, "uploads", keyOf("ada"), id, dataFile), 0, 0);

  const { logger, lines } = recordingLogger();
  const resource = fileStoreResource(newStore(folder), { logger });
  cleanUp(() => resource.close());
  await resource.open?.(new AbortController().signal);
  expect(readdirSync(join(folder, "uploads", keyOf("ada")))).toEqual([]);
  expect(lines).toEqual([
    expect.objectContaining({ removed: 1, msg: "abandoned uploads were removed" }),
  ]);
});

test("does not work while the folder is gone", async () => {
  const folder = join(newFolder(), "files");
  const resource = fileStoreResource(newStore(folder), recordingLogger());
  cleanUp(() => resource.close());
  await resource.open?.(new AbortController().signal);
  const { signal } = new AbortController();
  await resource.check?.(signal);
  rmSync(folder, { recursive: true });
  await expect(resource.check?.(signal)).rejects.toThrow("ENOENT");
});

test("works before it is opened if the folder can be made", async () => {
  const { signal } = new AbortController();
  const missing = join(newFolder(), "deep", "files");
  await fileStoreResource(newStore(missing), recordingLogger()).check?.(signal);
  expect(existsSync(missing)).toBe(false);
  const impossible = fileStoreResource(newStore("/dev/null/files"), recordingLogger());
  await expect(impossible.check?.(signal)).rejects.toThrow("ENOTDIR");
});

test("a folder that cannot be made keeps the server from starting", async () => {
  const resource = fileStoreResource(newStore("/dev/null/files"), recordingLogger());
  await expect(resource.open?.(new AbortController().signal)).rejects.toThrow("ENOTDIR");
  await resource.close();
});
