import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import type { PGlite, PGliteOptions } from "@electric-sql/pglite";
import { readServiceInfo } from "../config/service-info.ts";

/** What is used of PGlite. */
export interface EmbeddedLibrary {
  readonly PGlite: { create(options: PGliteOptions): Promise<PGlite> };
}

const prefix = "pglite-";

/**
 * Creates a database in memory from a copy of an initialised one: `initdb` is most of the time that a start
 * takes. The first start makes the copy. If it cannot be written or used, the database is initialised.
 *
 * @param folder where the copy is kept; undefined: nowhere
 */
export async function createInMemory(
  { PGlite }: EmbeddedLibrary,
  options: PGliteOptions,
  folder: string | undefined,
): Promise<PGlite> {
  if (folder === undefined) return await PGlite.create(options);
  const file = join(folder, `${prefix}${pgliteVersion()}.tar.gz`);
  try {
    // A copy that is not complete fails here.
    const tar = await promisify(gunzip)(await readFile(file));
    return await PGlite.create({ ...options, loadDataDir: new Blob([tar]) });
  } catch {
    const database = await PGlite.create(options);
    await keepCopy(database, folder, file);
    return database;
  }
}

/** The folder for copies of the project in the working directory; undefined if it has no node_modules. */
export function templateFolder(cwd: string = process.cwd()): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules)) return join(modules, ".cache/grpc-service/pglite");
    if (folder === dirname(folder)) return undefined;
  }
}

/** Replaces the copies of other versions. A rename makes it exist, as others may start at the same time. */
async function keepCopy(database: PGlite, folder: string, file: string): Promise<void> {
  const staged = join(folder, randomBytes(6).toString("hex"));
  try {
    await mkdir(folder, { recursive: true });
    const others = await readdir(folder);
    const tar = await (await database.dumpDataDir("none")).arrayBuffer();
    await writeFile(staged, await promisify(gzip)(tar, { level: constants.Z_BEST_SPEED }));
    await rename(staged, file);
    const old = others.filter((name) => name.startsWith(prefix) && name !== basename(file));
    for (const name of old) await rm(join(folder, name), { force: true });
  } catch {
    // A folder that cannot be written is not a problem.
    await rm(staged, { force: true }).catch(() => {});
  }
}

/** Another version needs another copy. */
function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  return readServiceInfo(pathToFileURL(join(dirname(entry), "../package.json"))).version;
}
