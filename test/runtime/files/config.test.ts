import { resolve } from "node:path";
import { expect, test } from "vitest";
import { defineConfig } from "../../../runtime/src/config/index.ts";
import { readFilesConfig } from "../../../runtime/src/files/index.ts";

const load = defineConfig(readFilesConfig);

test("has defaults for development", () => {
  expect(load({})).toEqual({
    folder: resolve(".data/files"),
    maxFileBytes: 5 * 1024 ** 3,
    quotaBytes: 10 * 1024 ** 3,
    maxBytesPerOwner: 5 * 1024 ** 3,
    maxFilesPerOwner: 10_000,
    maxUploadsPerOwner: 100,
    uploadTtlMs: 86_400_000,
  });
});

test("tests use a temporary folder, unless they name one", () => {
  expect(load({ ENV: "test" }).folder).toBeUndefined();
  expect(load({ ENV: "test", FILES_FOLDER: "files" }).folder).toBe(resolve("files"));
});

test("production needs a folder", () => {
  expect(() => load({ ENV: "production" })).toThrow("FILES_FOLDER must be set when ENV=production");
  expect(load({ ENV: "production", FILES_FOLDER: "/data" }).folder).toBe("/data");
});

test("names what is wrong", () => {
  expect(() => load({ FILES_QUOTA_BYTES: "10 GB", FILES_UPLOAD_TTL_MS: "1" })).toThrow(
    /^FILES_QUOTA_BYTES must be .*\nFILES_UPLOAD_TTL_MS must be .*$/,
  );
});
