import { printImport } from "../../../print/import-statement.ts";
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

  /** Moves a file: every path to it follows, and every path in it. */
  move(from: string, to: string): void {
    this.#moves.set(from, to);
  }

  /** Follows names of generated modules to where they are now: `module#name` -> new module and name. */
  retarget(names: ReadonlyMap<string, GeneratedName>): void {
    for (const file of this.#code.files.values()) {
      for (const reference of file.references) this.#retarget(file, reference, names);
    }
  }

  #retarget(
    file: CodeFile,
    reference: ModuleReference,
    names: ReadonlyMap<string, GeneratedName>,
  ): void {
    const target = this.#code.resolve(file.path, reference.path);
    if (!target?.startsWith(`${genFolder}/`)) return;
    const module = target.slice(genFolder.length + 1);
    const after = (name: string) => names.get(`${module}#${name}`) ?? { module, name };
    const whole = [...names].find(([key]) => key.startsWith(`${module}#`))?.[1].module;
    const modules = new Set(reference.names.map(({ name }) => after(name).module));
    if (reference.namespace !== undefined && whole !== undefined) modules.add(whole);
    const [only] = modules;
    if (modules.size > 1) {
      const printed = [...modules].map((to) => {
        const moved = reference.names.filter(({ name }) => after(name).module === to);
        const list = moved.map((each) => ({ ...each, name: after(each.name).name }));
        const path = this.#generatedPath(file, reference, to);
        return printImport({ path, typeOnly: reference.typeOnly, names: list });
      });
      const { start, end } = reference;
      if (reference.onlyNames) this.edit(file.path, { start, end, text: printed.join("\n") });
      return;
    }
    if (only !== undefined && only !== module) {
      this.#setPath(file, reference, this.#generatedPath(file, reference, only));
    }
    for (const { name, local } of reference.names) {
      const renamed = after(name).name;
      if (renamed !== name) this.#renameImport(file, reference, { name, local, renamed });
    }
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
        this.#renameImport(other, reference, { ...imported, renamed });
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

  #renameImport(
    file: CodeFile,
    { kind, start, pathToken }: ModuleReference,
    { name, local, renamed }: { readonly name: string; local: string; renamed: string },
  ): void {
    const clause = file.tokens.filter(
      (token) => token.start > start && token.end < pathToken.start,
    );
    const token = clause.find(({ text }) => text === name);
    if (token === undefined) return;
    const taken = file.tokens.some(({ text }) => text === renamed);
    const aliased = local !== name;
    const keeps = kind === "import" && !aliased && taken;
    this.edit(file.path, { ...span(token), text: keeps ? `${renamed} as ${name}` : renamed });
    if (kind === "import" && !aliased && !taken) this.#renameLocal(file, name, renamed);
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

  #generatedPath(file: CodeFile, { path }: ModuleReference, module: string): string {
    const extension = /\.[jt]s$/.exec(path)?.[0] ?? "";
    const bare = module.replace(/\.ts$/, "");
    if (path.startsWith(".")) {
      return (
        relativePath(this.#moves.get(file.path) ?? file.path, `${genFolder}/${bare}`) + extension
      );
    }
    return path.replace(/(^|\W)gen\/.*$/, `$1gen/${bare}${extension}`);
  }

  #setPath(file: CodeFile, { pathToken }: ModuleReference, path: string): void {
    const quote = pathToken.text.slice(0, 1);
    this.edit(file.path, { ...span(pathToken), text: quote + path + quote });
  }

  /** Makes all edits, then all moves. */
  apply(sources: Sources): void {
    for (const file of this.#code.files.values()) this.#followMoves(file);
    for (const [path, edits] of this.#edits) {
      const text = sources.get(path);
      if (text !== undefined) sources.set(path, applyEdits(text, edits));
    }
    for (const [from, to] of this.#moves) sources.move(from, to);
  }

  #followMoves(file: CodeFile): void {
    const importer = this.#moves.get(file.path) ?? file.path;
    for (const reference of file.references) {
      const target = this.#code.resolve(file.path, reference.path);
      if (target === undefined) continue;
      const moved = this.#moves.get(target) ?? target;
      if (moved === target && importer === file.path) continue;
      const path = followed(reference.path, { importer, target, moved });
      if (path !== reference.path) this.#setPath(file, reference, path);
    }
  }
}

export function span({ start, end }: Token): { readonly start: number; readonly end: number } {
  return { start, end };
}
