import { readFile, realpath, stat } from "node:fs/promises";
import { describeSystemError, UsageError } from "../../../terminal/errors.ts";
import { printable } from "../../../terminal/printable.ts";
import { maxProtoBytes } from "../inputs.ts";
import { shownPath } from "./paths.ts";
import { type ProtoHeader, readProtoHeader } from "./proto-header.ts";

/** A .proto file. */
export interface ProtoSource {
  /** Absolute path by which it was found. */
  readonly file: string;
  /** Its path without links: the same for every path to one file. */
  readonly identity: string;
  readonly content: Buffer;
  readonly header: ProtoHeader;
  /** Its path, for messages. */
  readonly shown: string;
}

/** @throws UsageError for a file that cannot be read, is too large or is not UTF-8. */
export async function readSource(file: string, cwd: string): Promise<ProtoSource> {
  const shown = printable(shownPath(file, cwd));
  const content = await contentOf(file, shown);
  if (isUtf16(content)) throw new UsageError(`${shown} is UTF-16; save it as UTF-8`);
  const header = readProtoHeader(content.toString("utf8"));
  return { file, identity: await realpath(file), content, header, shown };
}

async function contentOf(file: string, shown: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxProtoBytes) {
      throw new UsageError(`${shown} is larger than ${maxProtoBytes / 1024 / 1024} MiB`);
    }
    return await readFile(file);
  } catch (error) {
    const reason = describeSystemError(error);
    if (reason === undefined) throw error;
    throw new UsageError(`cannot read ${shown}: ${reason}`);
  }
}

/** By its byte order mark, or by the zero in an ASCII character at its start. */
function isUtf16(content: Buffer): boolean {
  const [first, second] = content;
  if (first === undefined || second === undefined) return false;
  if (first + second === 0xff + 0xfe && first >= 0xfe) return true;
  return (first === 0) !== (second === 0);
}
