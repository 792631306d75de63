import type { Changes } from "../changes.ts";
import { printable } from "../printable.ts";
import type { ServiceGrowth } from "./grow-services.ts";

/** Tells what growing a project did, what is left to do by hand, and what has lost its RPC. */
export function growthText(
  shown: string,
  changes: Changes,
  { added, byHand, orphans, create, update }: ServiceGrowth,
  { pinned, version }: { readonly pinned: string | undefined; readonly version: string },
): string {
  const total = changes.create.size + changes.update.size + changes.remove.length;
  const machine = total - create.size - update.size;
  const sections = [
    total === 0
      ? `${printable(shown)} is up to date with its protos.`
      : `Grew ${printable(shown)}: wrote ${machine} files of src/gen and proto, added ${create.size} and extended ${update.size} of yours. Nothing else was touched.`,
    list(`New RPCs, answering UNIMPLEMENTED until you write them:`, added),
    list("Added:", [...create.keys()].sort()),
    list("Extended:", [...update.keys()]),
    ...[...byHand].map(([path, lines]) =>
      list(`${path} is not what it was; please add these lines to it:`, lines),
    ),
    list(
      "Without an RPC now (npm run lint shows where they are used); remove them when you like:",
      [...orphans.paths, ...orphans.lines],
    ),
    pinned === undefined || pinned === version
      ? ""
      : `package.json asks for create-grpc-service ${pinned}, this is ${version}: npm run generate writes src/gen by the former.`,
  ];
  return sections
    .filter((section) => section !== "")
    .join("\n")
    .concat("\n");
}

function list(title: string, entries: readonly string[]): string {
  if (entries.length === 0) return "";
  return [title, ...entries.map((entry) => `  ${printable(entry).trimEnd()}`)].join("\n");
}
