import { resolve } from "node:path";
import type { EnvReader } from "../config/env-reader.ts";
import { readEnvironmentName } from "../config/environment.ts";

/** How much a file store keeps. */
export interface FileLimits {
  /** Largest file in bytes. */
  readonly maxFileBytes: number;
  /** Bytes of all files and unfinished uploads together. */
  readonly quotaBytes: number;
  /** Bytes of the files and unfinished uploads of one owner. */
  readonly maxBytesPerOwner: number;
  /** Files of one owner. */
  readonly maxFilesPerOwner: number;
  /** Unfinished uploads of one owner. */
  readonly maxUploadsPerOwner: number;
  /** Milliseconds after its last byte at which an unfinished upload is removed. */
  readonly uploadTtlMs: number;
}

/** Settings of a file store. */
export interface FilesConfig extends FileLimits {
  /** Where files are kept. Undefined: in a temporary folder, which is removed at the end. */
  readonly folder: string | undefined;
}

const largest = Number.MAX_SAFE_INTEGER;
/** The longest text that a whole number of the settings may have is 15 digits. */
const mostBytes = Math.min(largest, 999_999_999_999_999);

/**
 * Reads `FILES_FOLDER` and the limits of a file store. Without a folder, files are in `.data/files`, in a
 * temporary folder with `ENV=test`; production needs one.
 */
export function readFilesConfig(env: EnvReader): FilesConfig {
  const environment = readEnvironmentName(env);
  env.section("Files");
  const folder = env.text(
    "FILES_FOLDER",
    "Folder of the files, for one server only. Must be set in production. Default: .data/files.",
    undefined,
  );
  if (folder === undefined && environment === "production") {
    env.reject("FILES_FOLDER", "must be set when ENV=production");
  }
  const bytes = (name: string, about: string, fallback: number) =>
    env.integer(name, about, fallback, { min: 1, max: mostBytes });
  const count = (name: string, about: string, fallback: number) =>
    env.integer(name, about, fallback, { min: 1, max: 1_000_000 });
  return {
    folder:
      folder === undefined && environment === "test" ? undefined : resolve(folder ?? ".data/files"),
    maxFileBytes: bytes("FILES_MAX_FILE_BYTES", "Largest file in bytes.", 5_368_709_120),
    quotaBytes: bytes(
      "FILES_QUOTA_BYTES",
      "Bytes of all files and unfinished uploads together.",
      10_737_418_240,
    ),
    maxBytesPerOwner: bytes(
      "FILES_MAX_BYTES_PER_CALLER",
      "Bytes of the files and unfinished uploads of one caller.",
      5_368_709_120,
    ),
    maxFilesPerOwner: count("FILES_MAX_PER_CALLER", "Files of one caller.", 10_000),
    maxUploadsPerOwner: count(
      "FILES_MAX_UPLOADS_PER_CALLER",
      "Unfinished uploads of one caller that can be continued.",
      100,
    ),
    uploadTtlMs: env.integer(
      "FILES_UPLOAD_TTL_MS",
      "Milliseconds after its last byte at which an unfinished upload is removed.",
      86_400_000,
      { min: 1000, max: 31_536_000_000 },
    ),
  };
}
