import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { postgresFolder } from "../../test/support/tools.ts";

/** Lines that are written at a time. */
const chunk = 10_000;

/** Writes the records that `programs/client.mjs` sends as a file for COPY. @returns its path */
export async function writeRecords(project: string, count: number): Promise<string> {
  const records = pathToFileURL(join(project, "bench/records.mjs")).href;
  const { lineAt }: { lineAt(number: number): string } = await import(records);
  function* chunks() {
    for (let from = 0; from < count; from += chunk) {
      const length = Math.min(chunk, count - from);
      yield Array.from({ length }, (_, index) => lineAt(from + index)).join("");
    }
  }
  const path = join(project, "records.tsv");
  await pipeline(Readable.from(chunks()), createWriteStream(path));
  return path;
}

/** Copies the file into the table. @returns milliseconds, with the start of psql */
export async function copy(url: string, path: string): Promise<number> {
  const psql = join(postgresFolder() ?? "", "psql");
  const statement = `\\copy records (id, time, data) from '${path}'`;
  const start = performance.now();
  await execa(psql, [url, "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "-c", statement]);
  return performance.now() - start;
}
