import type { FileRegistry } from "@bufbuild/protobuf";
import type { ServiceModel } from "../../../plugin/model.ts";
import { UsageError } from "../../../terminal/errors.ts";
import type { RenameStates } from "./apply-renames.ts";
import type { Rename } from "./rename.ts";

/**
 * Refuses renames that would give code the name of other code: a swap compiles, and calls the wrong handlers.
 *
 * @throws UsageError for a name that is given twice, an old name that is still there, and a new one that is old
 */
export function checkRenames(
  renames: readonly Rename[],
  { before, services, registry }: Pick<RenameStates, "before" | "services" | "registry">,
): void {
  const wanted = renames.filter(({ kind }) => kind === "rename");
  for (const side of ["from", "to"] as const) {
    const names = wanted.map((rename) => rename[side]);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new UsageError(`--rename names ${twice} twice`);
  }
  for (const { from, to } of wanted) {
    if (has({ services, registry }, from)) {
      throw new UsageError(`--rename ${from}=${to}: ${from} is still in the protos`);
    }
    if (has(before, to)) {
      throw new UsageError(`--rename ${from}=${to}: ${to} is not new, it was in src/gen before`);
    }
  }
}

/** @param name full name of an RPC, service, message or enum */
function has(
  { services, registry }: { readonly services: readonly ServiceModel[]; registry: FileRegistry },
  name: string,
): boolean {
  const isMethod = services.some(({ typeName, methods }) =>
    methods.some((method) => `${typeName}/${method.name}` === name),
  );
  return isMethod || registry.get(name) !== undefined;
}
