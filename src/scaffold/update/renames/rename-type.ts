import type { Code } from "../code/code.ts";
import type { Sources } from "../sources.ts";
import { CodeEdits } from "./code-edits.ts";
import type { BothStates } from "./rename-service.ts";
import { renameTexts } from "./rename-texts.ts";
import { type RenamedNames, typeNames, typesOf } from "./renamed-names.ts";
import { retarget } from "./retarget.ts";

/** Moves code to the new name of a message or enum and of what is nested in it. */
export function renameType(
  sources: Sources,
  code: Code,
  { from, to }: { readonly from: string; readonly to: string },
  { before, registry, generated }: BothStates,
): void {
  const names: RenamedNames = new Map();
  for (const type of [...before.registry.files].flatMap(typesOf)) {
    const isWithin = type.typeName === from || type.typeName.startsWith(`${from}.`);
    const now = isWithin ? registry.get(to + type.typeName.slice(from.length)) : undefined;
    if (now === undefined || now.kind !== type.kind) continue;
    for (const [key, name] of typeNames(type, now)) names.set(key, name);
  }
  const edits = new CodeEdits(code);
  retarget(edits, code, { names, generated });
  edits.apply(sources);
  renameTexts(sources, new Map([[from, to]]));
}
