import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import type { Changes } from "../disk/changes.ts";
import { filesBelow, readIfPresent } from "../disk/plan.ts";
import { genFolder } from "../generation/gen-config.ts";

/** The user's texts in a project, as they are on disk and as this run will leave them. */
export class Sources {
  readonly #before: ReadonlyMap<string, string>;
  readonly #now: Map<string, string>;
  readonly #moves = new Map<string, string>();
  readonly #blocked = new Map<string, string>();

  /** @param texts by path in the project */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#before = texts;
    this.#now = new Map(texts);
  }

  /** The files as they are on disk. */
  get original(): ReadonlyMap<string, string> {
    return this.#before;
  }

  /** The files as they will be. */
  get texts(): ReadonlyMap<string, string> {
    return this.#now;
  }

  /** Moved files: old path -> new path. */
  get moves(): ReadonlyMap<string, string> {
    return this.#moves;
  }

  /** Files that did not move, because there is a file at the new path: old path -> new path. */
  get blocked(): ReadonlyMap<string, string> {
    return this.#blocked;
  }

  /** Whether a move of a file would replace another one; it is remembered then. */
  isBlocked(from: string, to: string): boolean {
    if (!this.#now.has(from) || !this.#now.has(to)) return false;
    this.#blocked.set(from, to);
    return true;
  }

  get(path: string): string | undefined {
    return this.#now.get(path);
  }

  set(path: string, text: string): void {
    this.#now.set(path, text);
  }

  delete(path: string): void {
    this.#now.delete(path);
  }

  /** Does nothing if there is a file at the new path. */
  move(from: string, to: string): boolean {
    const text = this.#now.get(from);
    if (text === undefined || from === to || this.#now.has(to)) return false;
    this.#now.delete(from);
    this.#now.set(to, text);
    this.#moves.set(from, to);
    return true;
  }

  changes(): Changes {
    const entries = [...this.#now];
    return {
      create: new Map(entries.filter(([path]) => !this.#before.has(path))),
      update: new Map(
        entries.filter(([path, text]) => {
          const before = this.#before.get(path);
          return before !== undefined && before !== text;
        }),
      ),
      remove: [...this.#before.keys()].filter((path) => !this.#now.has(path)),
    };
  }
}

/**
 * Reads code, tests and documents of a project; not src/gen. Documents in another encoding are left alone.
 *
 * @throws UsageError for code in another encoding, of which nothing is known
 */
export async function readSources(project: string): Promise<Sources> {
  const paths = (
    await Promise.all(
      ["src", "test", "docs"].map(async (folder) =>
        (await filesBelow(join(project, folder))).map((path) => `${folder}/${path}`),
      ),
    )
  ).flat();
  const wanted = [...paths, "README.md", "AGENTS.md"].filter(
    (path) => !path.startsWith(`${genFolder}/`) && /\.(?:[cm]?[jt]sx?|md)$/.test(path),
  );
  const texts = new Map<string, string>();
  for (const path of wanted) {
    const content = await readIfPresent(join(project, path));
    if (content === undefined) continue;
    if (isUtf8(content)) texts.set(path, content.toString("utf8"));
    else if (!path.endsWith(".md")) throw new UsageError(`${path} is not UTF-8; save it as UTF-8`);
  }
  return new Sources(texts);
}
