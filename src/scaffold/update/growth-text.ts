import { counted } from "../../terminal/counted.ts";
import { printable } from "../../terminal/printable.ts";
import type { Changes } from "../disk/changes.ts";
import type { ServiceGrowth } from "./grow-services.ts";
import { clientFile, docFile } from "./mentions.ts";

/** Reports what an update changed, what the user must do, and code of removed RPCs. */
export function growthText(
  shown: string,
  changes: Changes,
  growth: ServiceGrowth,
  { pinned, version }: { readonly pinned: string | undefined; readonly version: string },
): string {
  const { added, byHand, orphans, mentions, create, update } = growth;
  const rpcs = added.flatMap(({ typeName, methods }) =>
    methods.map(({ name }) => `${typeName}/${name}`),
  );
  const sections = [
    summary(shown === "." ? "this project" : printable(shown), changes, growth),
    list("New RPCs; they answer UNIMPLEMENTED until you write their handlers:", rpcs),
    list("Added:", [...create.keys()].sort()),
    list("Extended:", [...update.keys()]),
    ...[...byHand].map(([path, lines]) =>
      list(
        `You changed the layout of ${path}, so the lines could not be inserted. Add them yourself:`,
        lines,
      ),
    ),
    list(`${clientFile} does not call these yet; add lines like these:`, mentions.calls),
    list(`${docFile} does not list these yet; add them to its tables and diagrams:`, mentions.doc),
    list(
      "Not in the protos any more. If you renamed an RPC, move its code to the new file first. Then remove:",
      [...orphans.paths, ...orphans.lines, ...mentions.dead],
    ),
    pinned === undefined || pinned === version
      ? ""
      : `package.json pins create-grpc-service ${pinned}, but this is ${version}: npm run generate uses ${pinned}.`,
  ];
  return sections
    .filter((section) => section !== "")
    .join("\n")
    .concat("\n");
}

function summary(place: string, changes: Changes, { create, update }: ServiceGrowth): string {
  const removed = changes.remove.length;
  const written = changes.create.size + changes.update.size - create.size - update.size;
  const parts = [
    ...(written > 0 ? [`wrote ${counted(written, "file")} in src/gen and proto`] : []),
    ...(removed > 0 ? [`removed ${counted(removed, "file")} from src/gen`] : []),
    ...(create.size > 0 ? [`added ${counted(create.size, "file")}`] : []),
    ...(update.size > 0 ? [`extended ${counted(update.size, "file")}`] : []),
  ];
  if (parts.length === 0) {
    return `${place.replace(/^this/, "This")} is up to date with its protos.`;
  }
  return `Updated ${place}: ${parts.join(", ")}. Nothing else was changed.`;
}

function list(title: string, entries: readonly string[]): string {
  if (entries.length === 0) return "";
  return [title, ...entries.map((entry) => `  ${printable(entry).trimEnd()}`)].join("\n");
}
