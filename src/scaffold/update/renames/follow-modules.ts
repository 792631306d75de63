import type { ServiceModel } from "../../../plugin/model.ts";
import { genModule } from "../../emit/names.ts";
import { Code } from "../code/code.ts";
import type { Sources } from "../sources.ts";
import type { RenameStates } from "./apply-renames.ts";
import { CodeEdits } from "./code-edits.ts";
import { type RenamedNames, serviceNames, typeNames, typesOf } from "./renamed-names.ts";
import { retarget } from "./retarget.ts";

/** What {@link followModules} looks at. */
export type ModuleStates = Pick<
  RenameStates,
  "before" | "services" | "modules" | "generated" | "registry"
>;

/**
 * Follows types and services whose proto file has another path now: they have the names that they had, so
 * there is nothing to decide.
 *
 * @returns `user.proto -> user/v1/user.proto` for each move that the user's code follows
 */
export function followModules(sources: Sources, states: ModuleStates): string[] {
  const moves = new Map<string, RenamedNames>();
  const add = (from: string, to: string, names: RenamedNames) => {
    const move = `${from} -> ${to}`;
    moves.set(move, new Map([...(moves.get(move) ?? []), ...names]));
  };
  for (const { from, to } of movedServices(states)) {
    add(from.sourceFile, to.sourceFile, serviceNames(from, to));
  }
  for (const file of states.before.registry.files) {
    for (const type of typesOf(file)) {
      const now = states.registry.get(type.typeName);
      if (now?.kind !== type.kind || now.file.name === file.name) continue;
      add(`${file.name}.proto`, `${now.file.name}.proto`, typeNames(type, now));
    }
  }
  const names: RenamedNames = new Map([...moves.values()].flatMap((each) => [...each]));
  if (names.size === 0) return [];
  const code = new Code(sources.texts, states.modules);
  const isUsed = (key: string) => code.isUsed(...moduleAndName(key));
  const followed = [...moves].filter(([, each]) => [...each.keys()].some(isUsed));
  const edits = new CodeEdits(code);
  retarget(edits, code, { names, generated: states.generated });
  edits.apply(sources);
  return followed.map(([move]) => move);
}

function movedServices({ before, services }: Pick<ModuleStates, "before" | "services">) {
  return before.services.flatMap((from): { from: ServiceModel; to: ServiceModel }[] => {
    const to = services.find(({ typeName }) => typeName === from.typeName);
    const moved = to !== undefined && genModule(to) !== genModule(from);
    return moved ? [{ from, to }] : [];
  });
}

function moduleAndName(key: string): [module: string, name: string] {
  const at = key.indexOf("#");
  return [key.slice(0, at), key.slice(at + 1)];
}
