import { posix } from "node:path";
import type { FileRegistry } from "@bufbuild/protobuf";
import type { ServiceModel } from "../../../plugin/model.ts";
import { handlerFunction, handlersFunction } from "../../emit/names.ts";
import type { ModelsBefore } from "../before/models-before.ts";
import type { Code } from "../code/code.ts";
import { servedBefore } from "../served-service.ts";
import type { Sources } from "../sources.ts";
import { testFolder } from "../stubs.ts";
import { CodeEdits } from "./code-edits.ts";
import { renameTexts } from "./rename-texts.ts";
import { fileNames, type RenamedNames, serviceNames } from "./renamed-names.ts";
import { retarget } from "./retarget.ts";

/** The protos before and now. */
export interface BothStates {
  readonly before: ModelsBefore;
  readonly registry: FileRegistry;
  /** The generated modules of the protos as they are: path -> text. */
  readonly generated: ReadonlyMap<string, string>;
}

/** Moves the code of a service to its new name: folder, names, imports, texts, tests and documents. */
export function renameService(
  sources: Sources,
  code: Code,
  { from, to }: { readonly from: ServiceModel; readonly to: ServiceModel },
  states: BothStates,
): void {
  const edits = new CodeEdits(code);
  const served = servedBefore(code, from, to);
  const { registry, generated } = states;
  retarget(edits, code, { names: namesOf(from, to, states, registry), generated });
  const texts = new Map([[from.typeName, to.typeName]]);
  if (served !== undefined) {
    const index = served.object?.file.path;
    if (index !== undefined)
      edits.renameExport(index, handlersFunction(from), handlersFunction(to));
    for (const method of from.methods) {
      const same = to.methods.find(({ name }) => name === method.name);
      const path = `${served.folder}/${method.fileName}.ts`;
      if (same === undefined || !code.files.has(path)) continue;
      edits.renameExport(path, handlerFunction(from, method), handlerFunction(to, same));
    }
    const moved = moveFolder(sources, edits, served.folder, from, to);
    for (const [was, is] of moved) texts.set(`${was}/`, `${is}/`);
  }
  edits.apply(sources);
  renameTexts(sources, texts);
}

/** Where the names of a service and of the types in its file went. */
export function namesOf(
  from: ServiceModel,
  to: ServiceModel,
  { before, registry }: Pick<BothStates, "before" | "registry">,
  present?: FileRegistry,
): RenamedNames {
  const was = before.registry.getFile(from.sourceFile) ?? registry.getFile(from.sourceFile);
  const is = registry.getFile(to.sourceFile);
  const types = was === undefined || is === undefined ? [] : fileNames(was, is, present);
  return new Map([...serviceNames(from, to), ...types]);
}

/** Moves a folder with the usual name of the old service, and that of its tests. */
function moveFolder(
  sources: Sources,
  edits: CodeEdits,
  folder: string,
  from: ServiceModel,
  to: ServiceModel,
): [string, string][] {
  if (posix.basename(folder) !== from.directory || from.directory === to.directory) return [];
  const paths = [...sources.texts.keys()];
  const renamed = posix.join(posix.dirname(folder), to.directory);
  if (paths.some((path) => path.startsWith(`${renamed}/`))) return [];
  const folders: [string, string][] = [
    [folder, renamed],
    [testFolder(folder), testFolder(renamed)],
  ];
  for (const [was, is] of folders) {
    for (const path of paths.filter((each) => each.startsWith(`${was}/`))) {
      edits.move(path, is + path.slice(was.length));
    }
  }
  return folders;
}
