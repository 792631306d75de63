import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { readMigrations } from "../../../runtime/src/postgres/index.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";

const temporaryFolder = temporaryFolders();

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);

test("come in the order of their numbers, and nothing else comes with them", async () => {
  write("0010-b.sql", "SELECT 2;");
  write("9-a.sql", "SELECT 1;");
  write("README.md", "");
  const migrations = await readMigrations(folder);
  expect(migrations.map(({ id, name }) => [id, name])).toEqual([
    [9, "9-a.sql"],
    [10, "0010-b.sql"],
  ]);
});

test("the line ends of a checkout are no change", async () => {
  write("1-a.sql", "SELECT 1;\nSELECT 2;\n");
  const [unix] = await readMigrations(folder);
  write("1-a.sql", "SELECT 1;\r\nSELECT 2;\r\n");
  const [windows] = await readMigrations(folder);
  expect(windows?.checksum).toBe(unix?.checksum);
});

test("a file without a number, or with that of another, is refused", async () => {
  write("users.sql", "");
  await expect(readMigrations(folder)).rejects.toThrow(/^migrations: users\.sql does not begin/);
  rmSync(join(folder, "users.sql"));
  write("1-a.sql", "");
  write("01-b.sql", "");
  await expect(readMigrations(folder)).rejects.toThrow("migrations: two files have the number 1");
});
