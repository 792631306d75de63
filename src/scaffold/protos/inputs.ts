import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { describeSystemError, UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";

/** A `--proto` value that was inspected but not yet read. */
export interface Input {
  readonly kind: "file" | "folder" | "descriptors" | "git" | "module";
  /** Absolute path. Of a git repository or a module of buf.build, the value as it is. */
  readonly path: string;
  /** As the user wrote it. */
  readonly shown: string;
}

/** Largest .proto file that is read. The largest published ones have about 3 MiB. */
export const maxProtoBytes = 16 * 1024 * 1024;
const maxDescriptorBytes = 256 * 1024 * 1024;
const descriptorExtensions: readonly string[] = [".binpb", ".bin", ".pb", ".json"];

/** With what follows `#` in buf's spelling. */
const gitUrl = /^(?:(?:https|ssh|git|file):\/\/|git@[\w.-]+:)[^\s#]+\.git(?:#\S*)?$/i;
const moduleName = /^buf\.build\/[\w-]+\/[\w-]+(?::[\w./-]+)?$/;

/** Whether a `--proto` value is fetched: a git repository or a module of buf.build. */
export function isFetched(value: string): boolean {
  return gitUrl.test(value) || moduleName.test(value);
}

/**
 * Determines the kind of a `--proto` value.
 *
 * @param flag text before the value in messages
 * @throws UsageError for a missing, unreadable or too large file, a device, a pipe or a URL.
 */
export async function inspectInput(value: string, cwd: string, flag = "--proto "): Promise<Input> {
  const shown = flag + printable(value);
  if (gitUrl.test(value)) return { kind: "git", path: value, shown: value };
  if (moduleName.test(value)) return { kind: "module", path: value, shown: value };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    throw new UsageError(
      `${shown} is a URL; download the file and give its path, or give a git repository that ends in .git`,
    );
  }
  const path = resolve(cwd, value);
  const entry = await statOf(path, shown);
  if (entry.isDirectory()) return { kind: "folder", path, shown: value };
  if (!entry.isFile()) throw new UsageError(`${shown} is not a regular file`);

  const extension = extname(path).toLowerCase();
  const kind = descriptorExtensions.includes(extension) ? "descriptors" : "file";
  if (kind === "file" && extension !== ".proto") {
    throw new UsageError(
      `${shown} is not a .proto file, a folder or a descriptor set (${descriptorExtensions.join(", ")})`,
    );
  }
  const limit = kind === "file" ? maxProtoBytes : maxDescriptorBytes;
  if (entry.size > limit) {
    throw new UsageError(`${shown} is larger than ${limit / 1024 / 1024} MiB`);
  }
  return { kind, path, shown: value };
}

/** Resolves an `-I`; it must be a folder. */
export async function inspectImportPath(value: string, cwd: string): Promise<string> {
  const path = resolve(cwd, value);
  const entry = await statOf(path, `-I ${printable(value)}`);
  if (!entry.isDirectory()) throw new UsageError(`-I ${printable(value)} is not a folder`);
  return path;
}

async function statOf(path: string, what: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new UsageError(`${what}: ${describeSystemError(error) ?? "cannot be read"}`);
  }
}
