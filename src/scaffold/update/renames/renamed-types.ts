import type { DescEnum, DescMessage, FileRegistry } from "@bufbuild/protobuf";
import { isWellKnown } from "../../protos/names.ts";
import { pairs } from "./pairs.ts";
import type { Rename } from "./rename.ts";
import type { RenameSearch } from "./rename-search.ts";
import { typeNames, typesOf } from "./renamed-names.ts";
import { likeFields } from "./same-signature.ts";

type DataType = DescMessage | DescEnum;

/** Pairs messages and enums that left the protos, and that the user's code names, with new ones of the same shape. */
export function renamedTypes({ code, before, registry }: RenameSearch): Rename[] {
  const removed = dataTypes(before.registry).filter(
    (type) => registry.get(type.typeName) === undefined && isNamed(type),
  );
  const added = dataTypes(registry).filter(
    ({ typeName }) => before.registry.get(typeName) === undefined,
  );
  const fits = (from: DataType, to: DataType) => hasSameShape(from, to);
  return pairs(removed, added, { fits, nameOf: ({ name }) => name }).map(({ from, to }) => ({
    kind: "rename",
    from: from.typeName,
    to: to.typeName,
  }));

  function isNamed(type: DataType): boolean {
    return [...typeNames(type, type)].some(([, { module, name }]) => code.isUsed(module, name));
  }
}

/** Those that are not nested in others, which follow them. */
function dataTypes(registry: FileRegistry): DataType[] {
  return [...registry.files]
    .filter(({ proto }) => !isWellKnown(proto.name))
    .flatMap(typesOf)
    .filter((type) => type.kind !== "service")
    .filter((type) => type.parent === undefined);
}

/** An empty message is like every other one. */
function hasSameShape(a: DataType, b: DataType): boolean {
  if (a.kind === "message" && b.kind === "message")
    return a.fields.length > 0 && likeFields(a, b) === 1;
  if (a.kind !== "enum" || b.kind !== "enum") return false;
  return values(a) === values(b);
}

/** Values of an enum by number: their names start with that of the enum, as a rule. */
function values({ values: all, sharedPrefix = "" }: DescEnum): string {
  return all
    .map(({ number, name }) => `${number} ${name.toLowerCase().replace(sharedPrefix, "")}`)
    .join();
}
