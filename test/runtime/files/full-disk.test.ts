import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ownMounts } from "../../support/tools.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";

const newFolder = temporaryFolders();
const program = join(import.meta.dirname, "fill-disk.ts");
const mebibyte = 1024 * 1024;

/** Runs the program in a shell that has limited the disk before. `$1` is the folder. */
async function fill(folder: string, shell: readonly string[], limit: string) {
  const command = `${limit} && exec "$2" --import tsx "$3" "$1"`;
  const [name = "", ...options] = [...shell, "-c", command];
  const args = [...options, "sh", folder, process.execPath, program];
  const { stdout } = await promisify(execFile)(name, args, { cwd: import.meta.dirname });
  const result: unknown = JSON.parse(stdout);
  return result;
}

/** What comes of it when less than 5 MiB have room. */
const refused = (text: string) => ({
  codes: [
    { code: "RESOURCE_EXHAUSTED", rawMessage: text },
    { code: "NOT_FOUND", rawMessage: 'there is no file with the name "a"' },
    { code: "RESOURCE_EXHAUSTED", rawMessage: text },
  ],
  usedAfterPut: 0,
  // What was safe before the call that failed.
  committed: mebibyte,
  usedAfterAppend: mebibyte,
  size: 3 * mebibyte,
});

test("a full disk leaves nothing of a file, and what was safe of an upload", {
  tags: "small-disk",
}, async () => {
  const mount = 'mount -t tmpfs -o size=5m tmpfs "$1"';
  const result = await fill(newFolder(), [...ownMounts, "sh"], mount);
  expect(result).toEqual(refused("the disk of the server is full"));
});

test("so does a limit for files of the process", async () => {
  const folder = newFolder();
  // In units of 1024 bytes.
  const result = await fill(folder, ["bash"], "ulimit -f 4608");
  expect(result).toEqual(refused("the disk of the server takes no larger file"));
  expect(readdirSync(join(folder, "tmp"))).toEqual([]);
});
