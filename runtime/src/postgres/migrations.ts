import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One change of the database schema. */
export interface Migration {
  readonly id: number;
  /** Name of its file. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of `sql`, in hex. */
  readonly checksum: string;
}

/**
 * Reads the migrations of a folder, such as `0001-users.sql`, in the order of their numbers.
 *
 * @throws Error for a file without a number, and for two files with the same number.
 */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql"));
  const migrations = await Promise.all(names.map((name) => readMigration(folder, name)));
  migrations.sort((a, b) => a.id - b.id);
  const twin = migrations.find(({ id }, index) => id === migrations[index - 1]?.id);
  if (twin !== undefined) throw new Error(`migrations: two files have the number ${twin.id}`);
  return migrations;
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  const id = Number(/^(\d{1,9})-/.exec(name)?.[1]);
  if (Number.isNaN(id)) throw new Error(`migrations: ${name} does not begin with a number and "-"`);
  // Git may change line endings on checkout, which does not count as a change.
  const sql = (await readFile(join(folder, name), "utf8")).replaceAll("\r\n", "\n");
  return { id, name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}
