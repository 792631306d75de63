import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { type FolderLock, lockFolder } from "../files/folder-lock.ts";
import { createInMemory, templateFolder } from "./embedded-template.ts";

/** Numbers of types in PostgreSQL whose values pg returns as texts: bigint and numeric. */
const asTexts = [20, 1700];

/** PGlite in this process. It has one session, which its users take in turn. */
export class EmbeddedInstance {
  readonly #folder: string | undefined;
  #opening: Promise<PGlite> | undefined;
  #lock: FolderLock | undefined;
  /** Settles when the session is free. */
  #free: Promise<void> = Promise.resolve();

  /** @param folder keeps the data; undefined: in memory */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  get isOpen(): boolean {
    return this.#opening !== undefined;
  }

  /**
   * Waits for the session.
   *
   * @returns the database, and a function that gives the session to the next
   */
  async take(): Promise<[database: PGlite, giveBack: () => void]> {
    const before = this.#free;
    let giveBack: () => void = () => {};
    this.#free = new Promise((resolve) => {
      giveBack = resolve;
    });
    await before;
    try {
      this.#opening ??= this.#open();
      return [await this.#opening, giveBack];
    } catch (error) {
      this.#opening = undefined;
      giveBack();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    const [database] = await this.take();
    await database.close();
    await this.#lock?.release();
  }

  async #open(): Promise<PGlite> {
    const library = await importPGlite();
    const folder = this.#folder;
    const parsers = Object.fromEntries(asTexts.map((type) => [type, (text: string) => text]));
    if (folder === undefined) return await createInMemory(library, { parsers }, templateFolder());
    await mkdir(dirname(folder), { recursive: true });
    this.#lock = await lockFolder(`${folder}.lock`, `the embedded database in ${folder}`);
    return await library.PGlite.create({ dataDir: folder, parsers });
  }
}

async function importPGlite() {
  try {
    return await import("@electric-sql/pglite");
  } catch (cause) {
    const text =
      "set DATABASE_URL, or install the embedded database: npm i -D @electric-sql/pglite";
    throw new Error(text, { cause });
  }
}
