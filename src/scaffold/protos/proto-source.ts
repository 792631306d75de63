import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describeSystemError, UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { maxProtoBytes } from "./inputs.ts";
import { shownPath } from "./paths.ts";
import { type ProtoHeader, readProtoHeader } from "./proto-header.ts";

/** A .proto file. */
export interface ProtoSource {
  readonly content: Buffer;
  /** Its path, for messages. */
  readonly shown: string;
}

/** Limit of a search: beyond it, the folder is probably not a project but a home folder. */
export const maxFiles = 20_000;

export async function readSource(file: string, cwd: string): Promise<ProtoSource> {
  const shown = shownPath(file, cwd);
  try {
    const { size } = await stat(file);
    if (size > maxProtoBytes) {
      throw new UsageError(`${shown} is larger than ${maxProtoBytes / 1024 / 1024} MiB`);
    }
    return { content: await readFile(file), shown };
  } catch (error) {
    const reason = describeSystemError(error);
    if (reason === undefined) throw error;
    throw new UsageError(`cannot read ${shown}: ${reason}`);
  }
}

export function headerOf({ content }: ProtoSource): ProtoHeader {
  return readProtoHeader(content.toString("utf8"));
}

/** Every .proto file below a folder, sorted. Links to folders are not followed. */
export async function protoFilesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  const pending = [folder];
  for (const current of pending) {
    const entries = await readdir(current, { withFileTypes: true }).catch((error: unknown) => {
      const reason = describeSystemError(error);
      if (reason === undefined) throw error;
      throw new UsageError(`cannot read ${printable(current)}: ${reason}`);
    });
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith(".") && entry.name !== "node_modules") pending.push(path);
      } else if (entry.name.endsWith(".proto") && (await stat(path)).isFile()) {
        files.push(path);
      }
    }
    if (pending.length > maxFiles) {
      throw new UsageError(`${printable(folder)} has more than ${maxFiles} folders below it`);
    }
  }
  return files.sort();
}
