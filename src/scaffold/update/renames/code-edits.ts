import { genFolder } from "../../generation/gen-config.ts";
import type { Code, CodeFile } from "../code/code.ts";
import type { ModuleReference } from "../code/imports.ts";
import { applyEdits, type Edit } from "../code/insert.ts";
import { references, type Token } from "../code/tokens.ts";
import type { Sources } from "../sources.ts";
import { relativePath } from "../wire-methods.ts";
import { followed } from "./followed-path.ts";
import { roleOf } from "./name-role.ts";

/** A name that a generated module exports. */
export interface GeneratedName {
  readonly module: string;
  readonly name: string;
}

/** Edits of names, imports and paths over all code of a project. Nothing is changed before `apply`. */
export class CodeEdits {
  readonly #code: Code;
  readonly #edits = new Map<string, Edit[]>();
  readonly #moves = new Map<string, string>();

  constructor(code: Code) {
    this.#code = code;
  }

  edit(path: string, edit: Edit): void {
    this.#edits.set(path, [...(this.#edits.get(path) ?? []), edit]);
  }

  /** Renames a key that stands for its value too: `{ get }` becomes `{ fetch: get }`, or what `get` is now. */
  renameShorthand(path: string, key: Token, renamed: string): void {
    const edits = this.#edits.get(path) ?? [];
    const present = edits.find(({ start }) => start === key.start);
    const value = present?.text.split(": ").at(-1) ?? key.text;
    const text = value === renamed ? renamed : `${renamed}: ${value}`;
    this.#edits.set(path, [...edits.filter((edit) => edit !== present), { ...span(key), text }]);
  }

  /** Moves a file: every path to it follows, and every path in it. */
  move(from: string, to: string): void {
    this.#moves.set(from, to);
  }

  /** Renames an export of a file, in that file and wherever it is imported. */
  renameExport(path: string, name: string, renamed: string): void {
    const file = this.#code.files.get(path);
    if (file === undefined || name === renamed) return;
    if (file.tokens.some(({ text }) => text === renamed)) return;
    this.#renameLocal(file, name, renamed);
    for (const other of this.#code.files.values()) {
      for (const reference of other.references) {
        const imported = reference.names.find((each) => each.name === name);
        const target = this.#code.resolve(other.path, reference.path);
        if (imported === undefined || !this.#reaches(target, path)) continue;
        this.renameImport(other, reference, { ...imported, renamed });
      }
    }
  }

  /** Whether a file is, or exports from, another one. */
  #reaches(target: string | undefined, path: string, seen: readonly string[] = []): boolean {
    if (target === undefined || seen.includes(target)) return false;
    if (target === path) return true;
    const file = this.#code.files.get(target);
    return (file?.references ?? [])
      .filter(({ kind }) => kind === "export")
      .some((each) =>
        this.#reaches(this.#code.resolve(target, each.path), path, [...seen, target]),
      );
  }

  /** Renames what a statement imports or exports, and its uses in the file. */
  renameImport(
    file: CodeFile,
    { kind, start, pathToken }: ModuleReference,
    { name, local, renamed }: { readonly name: string; local: string; renamed: string },
  ): void {
    const clause = file.tokens.filter(
      (token) => token.start > start && token.end < pathToken.start,
    );
    const token = clause.find(({ text }) => text === name);
    if (token === undefined) return;
    const keeps =
      kind === "import" &&
      local === name &&
      this.renameUses(file, { name, local, renamed }) === name;
    this.edit(file.path, { ...span(token), text: keeps ? `${renamed} as ${name}` : renamed });
  }

  /**
   * Renames the uses of an import that has no alias, unless the file has that name already.
   *
   * @returns the name of the import in the file
   */
  renameUses(
    file: CodeFile,
    { name, local, renamed }: { readonly name: string; local: string; renamed: string },
  ): string {
    const isTaken = file.tokens.some(({ text }) => text === renamed);
    if (local !== name || isTaken) return local;
    this.#renameLocal(file, name, renamed);
    return renamed;
  }

  /** Renames a name in a file, but not properties of that name. */
  #renameLocal(file: CodeFile, name: string, renamed: string): void {
    const { tokens } = file;
    for (const index of references(tokens, name)) {
      const token = tokens[index];
      const role = roleOf(tokens, index);
      if (token === undefined || role === "key") continue;
      const text = role === "shorthand" ? `${name}: ${renamed}` : renamed;
      this.edit(file.path, { ...span(token), text });
    }
  }

  /** The path by which a file imports a generated module, in the form of another path. */
  generatedPath(file: CodeFile, path: string, module: string): string {
    const extension = /\.[jt]s$/.exec(path)?.[0] ?? "";
    const bare = module.replace(/\.ts$/, "");
    if (path.startsWith(".")) {
      return (
        relativePath(this.#moves.get(file.path) ?? file.path, `${genFolder}/${bare}`) + extension
      );
    }
    return path.replace(/(^|\W)gen\/.*$/, `$1gen/${bare}${extension}`);
  }

  /** Replaces the path in a string. */
  setPath(file: CodeFile, token: Token, path: string): void {
    const quote = token.text.slice(0, 1);
    this.edit(file.path, { ...span(token), text: quote + path + quote });
  }

  /** Makes all edits, then all moves to paths that are free. */
  apply(sources: Sources): void {
    for (const [from, to] of this.#moves) {
      if (!this.#moves.has(to) && sources.isBlocked(from, to)) this.#moves.delete(from);
    }
    for (const file of this.#code.files.values()) this.#followMoves(file);
    for (const [path, edits] of this.#edits) {
      const text = sources.get(path);
      if (text !== undefined) sources.set(path, applyEdits(text, edits));
    }
    for (const [from, to] of this.#moves) sources.move(from, to);
  }

  #followMoves(file: CodeFile): void {
    const importer = this.#moves.get(file.path) ?? file.path;
    for (const { token, path, target } of this.#code.paths(file)) {
      const moved = this.#moves.get(target) ?? target;
      if (moved === target && importer === file.path) continue;
      const after = followed(path, { importer, target, moved });
      if (after !== path) this.setPath(file, token, after);
    }
  }
}

export function span({ start, end }: Token): { readonly start: number; readonly end: number } {
  return { start, end };
}
