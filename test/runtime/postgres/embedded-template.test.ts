import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as library from "@electric-sql/pglite";
import { beforeEach, expect, test } from "vitest";
import { createInMemory, templateFolder } from "../../../runtime/src/postgres/embedded-template.ts";
import { temporaryFolder } from "../../scaffold/support.ts";
import { cleanUp } from "../support/echo.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await temporaryFolder(), "pglite");
});

/** Starts a database. @returns the number that `initdb` gave to it: copies have it too */
async function start(): Promise<unknown> {
  const database = await createInMemory(library, {}, folder);
  cleanUp(() => database.close());
  await database.exec("CREATE TABLE own (id integer)");
  const { rows } = await database.query<{ system_identifier: unknown }>(
    "SELECT system_identifier::text FROM pg_control_system()",
  );
  return rows[0]?.system_identifier;
}

test("the second start copies the database of the first, without its tables", async () => {
  const first = await start();
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^pglite-\d+\.\d+\.\d+\.tar\.gz$/)]);
  expect(await start()).toBe(first);
});

test("a copy that is not complete is replaced, and one of another version removed", async () => {
  await start();
  const [name = ""] = await readdir(folder);
  const file = join(folder, name);
  const whole = await readFile(file);
  await writeFile(file, whole.subarray(0, whole.length / 2));
  await writeFile(join(folder, "pglite-0.0.1.tar.gz"), "");
  const second = await start();
  expect(await readdir(folder)).toEqual([name]);
  expect(await start()).toBe(second);
});

test("two that start at once leave one copy", async () => {
  await Promise.all([start(), start()]);
  expect(await readdir(folder)).toHaveLength(1);
});

test("without a folder that can be written, the database is initialised", async () => {
  await writeFile(folder, "a file");
  expect(await start()).not.toBe(await start());
});

test("copies are in the nearest node_modules", async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, "node_modules"));
  await mkdir(join(root, "packages/users"), { recursive: true });
  const expected = join(root, "node_modules/.cache/grpc-service/pglite");
  expect(templateFolder(join(root, "packages/users"))).toBe(expected);
});
