import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";

/** The same records in two files. */
export interface RecordFiles {
  readonly count: number;
  /** Lines for COPY. */
  readonly lines: string;
  /** Messages of one call, as they go over the wire. */
  readonly messages: string;
}

type Encode = (number: number) => Buffer;

/** Records that are written at a time. */
const chunk = 10_000;

/** Writes the records of `programs/records.mjs` into the project. */
export async function writeRecords(project: string, count: number): Promise<RecordFiles> {
  const records = pathToFileURL(join(project, "bench/records.mjs")).href;
  const { lineAt, messageAt }: { lineAt: Encode; messageAt: Encode } = await import(records);
  const lines = join(project, "records.tsv");
  const messages = join(project, "records.bin");
  await write(lines, count, lineAt);
  await write(messages, count, messageAt);
  return { count, lines, messages };
}

async function write(path: string, count: number, encode: Encode): Promise<void> {
  function* chunks() {
    for (let from = 0; from < count; from += chunk) {
      const length = Math.min(chunk, count - from);
      yield Buffer.concat(Array.from({ length }, (_, index) => encode(from + index)));
    }
  }
  await pipeline(Readable.from(chunks()), createWriteStream(path));
}
