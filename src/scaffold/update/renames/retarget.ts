import { withLineEndingOf } from "../../../line-endings.ts";
import { printImport } from "../../../print/import-statement.ts";
import { genFolder } from "../../generation/gen-config.ts";
import type { Code, CodeFile } from "../code/code.ts";
import { exportsName } from "../code/generated-names.ts";
import type { ModuleReference } from "../code/imports.ts";
import { inlineImports } from "../code/inline-imports.ts";
import { namesBefore } from "../code/tokens.ts";
import { type CodeEdits, span } from "./code-edits.ts";
import type { RenamedNames } from "./renamed-names.ts";

/** Names of generated modules that are elsewhere now. */
export interface MovedNames {
  /** `module#name` -> new module and name. */
  readonly names: RenamedNames;
  /** The generated modules of the protos as they are: path -> text. */
  readonly generated: ReadonlyMap<string, string>;
}

/** Follows names of generated modules to where they are now, also through files that export them. */
export function retarget(edits: CodeEdits, code: Code, { names, generated }: MovedNames): void {
  const moved = { names: new Map([...followedNames({ names, generated }), ...names]), generated };
  for (const file of code.files.values()) {
    for (const reference of file.references) {
      const target = code.resolve(file.path, reference.path);
      const module = moduleOf(target);
      if (module !== undefined) followModule({ edits, code, file, reference, moved }, module);
      else if (target !== undefined) renameImports({ edits, code, file, reference, moved }, target);
    }
    renameMembers({ edits, code, file, moved });
    followTexts(edits, code, file, moved);
  }
}

/** Old names in modules that a file has been pointed at already, such as a barrel of a proto that moved. */
function followedNames({ names, generated }: MovedNames): RenamedNames {
  const followed = [...names].flatMap(([key, after]) => {
    const name = key.slice(key.indexOf("#") + 1);
    const isOther = exportsName(generated.get(after.module) ?? "", name);
    return isOther ? [] : [[`${after.module}#${name}`, after] as const];
  });
  return new Map(followed);
}

interface Place {
  readonly edits: CodeEdits;
  readonly code: Code;
  readonly file: CodeFile;
  readonly reference: ModuleReference;
  readonly moved: MovedNames;
}

/** An import of a generated module: its path and its names, or a statement per module they are in now. */
function followModule({ edits, code, file, reference, moved }: Place, module: string): void {
  const { kind, names, namespace, typeOnly, onlyNames, pathToken, start, end } = reference;
  const after = (name: string) => moved.names.get(`${module}#${name}`) ?? { module, name };
  const modules = new Set(names.map(({ name }) => after(name).module));
  if (namespace !== undefined) {
    for (const to of namespaceModules({ code, file, reference, moved }, module)) modules.add(to);
  }
  const path = (to: string) => edits.generatedPath(file, reference.path, to);
  const [only] = modules;
  if (modules.size > 1) {
    const canSplit = onlyNames || (kind === "export" && namespace === "*");
    if (!canSplit) return;
    const printed = [...modules].map((to) => {
      const list = names.filter(({ name }) => after(name).module === to);
      const there = list.map((each) => {
        const renamed = after(each.name).name;
        const isPlain = kind === "export" && each.local === each.name;
        const local = isPlain ? renamed : edits.renameUses(file, { ...each, renamed });
        return { ...each, name: renamed, local };
      });
      return kind === "export" && namespace === "*"
        ? `export * from "${path(to)}";`
        : printImport({ path: path(to), typeOnly, names: there }).replace(/^import/, kind);
    });
    edits.edit(file.path, { start, end, text: withLineEndingOf(file.text, printed.join("\n")) });
    return;
  }
  if (only !== undefined && only !== module) edits.setPath(file, pathToken, path(only));
  for (const { name, local } of names) {
    const renamed = after(name).name;
    if (renamed !== name) edits.renameImport(file, reference, { name, local, renamed });
  }
}

/** The modules behind a namespace: those of the members that are used, or all for `export *`. */
function namespaceModules(
  { code, file, reference: { kind, namespace }, moved }: Omit<Place, "edits">,
  module: string,
): string[] {
  const modulesOf = (isWanted: (name: string) => boolean) =>
    [...moved.names]
      .filter(([key]) => key.startsWith(`${module}#`) && isWanted(key.slice(module.length + 1)))
      .map(([, to]) => to.module);
  const isKept = moved.generated.has(module);
  if (kind === "export") {
    const others = modulesOf(() => true);
    return isKept ? [...others.filter((to) => !exportsAll(code, file, to)), module] : others;
  }
  const used = new Set(members(file, namespace ?? "").map(({ text }) => text));
  return modulesOf((name) => !isKept || used.has(name)).slice(0, 1);
}

/** Whether a file has an `export *` of a module. */
function exportsAll(code: Code, { path: from, references }: CodeFile, module: string): boolean {
  return references.some(
    ({ kind, namespace, path }) =>
      kind === "export" && namespace === "*" && moduleOf(code.resolve(from, path)) === module,
  );
}

/** Names that a file takes from another file that exports them. */
function renameImports({ edits, code, file, reference, moved }: Place, target: string): void {
  for (const { name, local } of reference.names) {
    const renamed = exportAfter(code, target, name, moved);
    if (renamed !== undefined) edits.renameImport(file, reference, { name, local, renamed });
  }
}

/** `gen.userServiceDefinition` of a namespace, and `all.gen.userServiceDefinition`. */
function renameMembers({ edits, code, file, moved }: Omit<Place, "reference">): void {
  const { tokens } = file;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "name" || tokens[index - 1]?.text !== ".") continue;
    const target = code.namespaceOf(file, namesBefore(tokens, index - 1));
    const renamed = target && exportAfter(code, target, token.text, moved);
    if (renamed !== undefined) edits.edit(file.path, { ...span(token), text: renamed });
  }
}

/** The members of a namespace that a file uses. */
function members({ tokens }: CodeFile, namespace: string) {
  return tokens.filter(
    ({ kind }, index) =>
      kind === "name" &&
      tokens[index - 1]?.text === "." &&
      tokens[index - 2]?.text === namespace &&
      tokens[index - 3]?.text !== ".",
  );
}

/** What a file or module will export a name as. Undefined if that stays, as an alias does. */
function exportAfter(
  code: Code,
  target: string,
  name: string,
  moved: MovedNames,
  seen: readonly string[] = [],
): string | undefined {
  const module = moduleOf(target);
  if (module !== undefined) {
    const after = moved.names.get(`${module}#${name}`)?.name;
    return after === name ? undefined : after;
  }
  if (seen.includes(target)) return undefined;
  for (const next of code.exportedFrom(target, name)) {
    if (next.name !== name) continue;
    const renamed = exportAfter(code, next.target, name, moved, [...seen, target]);
    if (renamed !== undefined) return renamed;
  }
  return undefined;
}

/** `import("../gen/user_pb.ts").User`, and other paths to a module that is at one other place now. */
function followTexts(edits: CodeEdits, code: Code, file: CodeFile, moved: MovedNames): void {
  const inline = inlineImports(file.tokens);
  for (const { pathToken, path, names } of inline) {
    const target = code.resolve(file.path, path);
    if (target === undefined) continue;
    for (const { token, shorthand } of names) {
      const renamed = exportAfter(code, target, token.text, moved);
      if (renamed === undefined) continue;
      if (shorthand) edits.renameShorthand(file.path, token, renamed);
      else edits.edit(file.path, { ...span(token), text: renamed });
    }
    const module = moduleOf(target);
    if (module === undefined || names.length === 0) continue;
    const modules = names.map(
      ({ token }) => moved.names.get(`${module}#${token.text}`)?.module ?? module,
    );
    const [only, other] = new Set(modules);
    if (only === undefined || other !== undefined || only === module) continue;
    edits.setPath(file, pathToken, edits.generatedPath(file, path, only));
  }
  const known = new Set([
    ...file.references.map(({ pathToken }) => pathToken),
    ...inline.filter(({ names }) => names.length > 0).map(({ pathToken }) => pathToken),
  ]);
  for (const { token, path, target } of code.paths(file)) {
    if (known.has(token)) continue;
    const module = moduleOf(target);
    if (module === undefined || moved.generated.has(module)) continue;
    const isOf = ([key]: readonly [string, unknown]) => key.startsWith(`${module}#`);
    const [only, other] = new Set([...moved.names].filter(isOf).map(([, to]) => to.module));
    if (only === undefined || other !== undefined) continue;
    edits.setPath(file, token, edits.generatedPath(file, path, only));
  }
}

function moduleOf(target: string | undefined): string | undefined {
  return target?.startsWith(`${genFolder}/`) ? target.slice(genFolder.length + 1) : undefined;
}
