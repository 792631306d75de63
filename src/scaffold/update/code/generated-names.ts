import type { ImportedName } from "../../../print/import-statement.ts";
import { moduleReferences } from "./imports.ts";

/** A name that a file imports, with the path of its module. */
export interface NameImport extends ImportedName {
  readonly path: string;
  /** Position of the statement. */
  readonly start: number;
}

/** Every name that a file imports by `import { ... } from`. */
export function importedNames(text: string): NameImport[] {
  return moduleReferences(text)
    .filter(({ kind }) => kind === "import")
    .flatMap(({ names, path, start }) => names.map((imported) => ({ ...imported, path, start })));
}

/** `../../gen/a/user_grpc.js` is module `a/user_grpc.ts` of src/gen. */
export function genModuleOf(importPath: string): string | undefined {
  const module = /^(?:\.\.?\/)+gen\/(.+?)(?:\.[jt]s)?$/.exec(importPath)?.[1];
  return module === undefined ? undefined : `${module}.ts`;
}

/** Whether the text of a generated module exports a name. */
export function exportsName(module: string, name: string): boolean {
  return new RegExp(`^export [a-z ]*\\b${namePattern(name)}(?![\\w$])`, "m").test(module);
}

/** Source of a regular expression that matches a name. */
function namePattern(name: string): string {
  return name.replaceAll("$", "\\$");
}
