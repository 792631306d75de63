import { counted } from "../../terminal/counted.ts";
import { printable } from "../../terminal/printable.ts";
import type { BreakingSince } from "../breaking/breaking-since-main.ts";
import type { Changes } from "../disk/changes.ts";
import { recordFile } from "../new/record.ts";
import type { TypeCheck } from "./checks/check-types.ts";
import { clientFile } from "./demo-client.ts";
import type { ServiceGrowth } from "./grow-services.ts";
import { copyOffers, list } from "./pending-text.ts";
import type { Renames } from "./renames/decide-renames.ts";
import { renameText } from "./renames/rename.ts";
import { docFile } from "./services-doc.ts";
import type { SyncCommand } from "./sync-command.ts";

/** What {@link growthText} reports. */
export interface GrowthReport {
  readonly shown: string;
  readonly changes: Changes;
  /** The changes to files of the user. */
  readonly own: Changes;
  /** New paths of moved files. */
  readonly moved: ReadonlySet<string>;
  readonly growth: ServiceGrowth;
  readonly renames: Renames;
  /** The places in documents that have a name from before the renames. */
  readonly oldNames: readonly string[];
  /** Undefined if that was not looked at. */
  readonly types: TypeCheck | undefined;
  /** Undefined if there is nothing to compare with. */
  readonly breaking: BreakingSince | undefined;
  /** Whether nothing was written. */
  readonly check: boolean;
  /** Files of proto/ that follow their source: old path -> new path. */
  readonly movedProtos: ReadonlyMap<string, string>;
  /** Files of proto/ that the source does not have any more, with what depends on them. */
  readonly gone: readonly string[];
  /** Files that were not moved: old path -> new path, where another file is. */
  readonly blocked: ReadonlyMap<string, string>;
  /** Runs again with further flags. */
  readonly command: SyncCommand;
}

/** Reports what an update changed, what the user must do, and code of removed RPCs. */
export function growthText(report: GrowthReport): string {
  const { own, moved, growth, renames, types, breaking, blocked, command } = report;
  const { stubs, found, byHand, changed, orphans, mentions } = growth;
  const reprinted = new Set(changed.reprinted);
  const sections = [
    summary(report),
    list(
      "Moved in proto/, as at the source:",
      [...report.movedProtos].map(([from, to]) => `proto/${from} -> proto/${to}`),
    ),
    list(
      `Not at the source any more. Remove them, or keep them as yours: take their lines out of ${recordFile}.`,
      report.gone,
    ),
    list("New RPCs; they answer UNIMPLEMENTED until you write their handlers:", stubs),
    list("Registered with the handlers that you have:", found),
    list("Files of the protos moved; the imports of your code follow:", renames.followed),
    list(
      "Moved to their new names:",
      renames.done
        .filter((rename) => rename.kind === "rename" && !renames.idle.includes(rename))
        .map(renameText),
    ),
    list(
      "These lines of your documents still have an old name; change those that mean it:",
      report.oldNames,
    ),
    list(
      "Nothing of yours has these names, so nothing was moved:",
      renames.idle.filter(({ kind }) => kind === "rename").map(({ from }) => from),
    ),
    list(
      "Nothing was copied; handlers are copied file by file, and only over stubs that you did not change:",
      renames.idle.filter(({ kind }) => kind === "copy").map(({ from, to }) => `${from} to ${to}`),
    ),
    list(
      "Not moved, because you have a file of the new name:",
      [...blocked].map(([from, to]) => `${from} -> ${to}`),
    ),
    copyOffers(renames, command),
    list("Added:", [...own.create.keys()].filter((path) => !moved.has(path)).sort()),
    list("Printed anew, as you had not changed them:", [...reprinted]),
    list(
      "Changed:",
      [...own.update.keys()].filter((path) => !reprinted.has(path)),
    ),
    byHandText(byHand),
    list(
      types === undefined
        ? "RPCs have another signature; your code for them, which may fit already:"
        : "RPCs have another signature; your code for them:",
      // What compiles fits already.
      types?.kind === "passed" ? changed.unchecked : changed.toChange,
    ),
    list(`${clientFile} does not call these yet; add lines like these:`, mentions.calls),
    list(`${docFile} does not list these yet; add them to its tables and diagrams:`, mentions.doc),
    list("Not in the protos any more. Nothing but stubs and mentions, which you can remove:", [
      ...orphans.stubs,
      ...orphans.lines,
      ...mentions.dead,
    ]),
    list(
      "Not in the protos any more, but with code of yours. Keep what you still need:",
      orphans.code,
    ),
    typeText(types),
    list(
      `Breaks callers of ${breaking?.base}, as grpc-service breaking says:`,
      breaking?.changes ?? [],
    ),
  ];
  return sections
    .filter((section) => section !== "")
    .join("\n")
    .concat("\n");
}

/** The lines that the user must add, by file. */
export function byHandText(byHand: ServiceGrowth["byHand"]): string {
  return [...byHand]
    .map(([path, lines]) => list(`${path} has a layout of your own. Add these lines:`, lines))
    .join("\n");
}

function summary({ shown, changes, own, growth, gone, types, check }: GrowthReport): string {
  const place = shown === "." ? "this project" : printable(shown);
  const ownRemoved = own.remove.length;
  const removed = changes.remove.length - ownRemoved;
  const written = changes.create.size + changes.update.size - own.create.size - own.update.size;
  const parts = [
    ...(written > 0 ? [`wrote ${counted(written, "file")} in src/gen or proto`] : []),
    ...(removed > 0 ? [`removed ${counted(removed, "file")} from src/gen or proto`] : []),
    ...(ownRemoved > 0 ? [`moved ${counted(ownRemoved, "file")}`] : []),
    ...(own.create.size > ownRemoved
      ? [`added ${counted(own.create.size - ownRemoved, "file")}`]
      : []),
    ...(own.update.size > 0 ? [`changed ${counted(own.update.size, "file")} of yours`] : []),
  ];
  if (parts.length > 0) {
    if (!check) return `Updated ${place}: ${parts.join(", ")}. Nothing else was changed.`;
    return `${capital(place)} is not up to date with its protos: run npx grpc-service sync.`;
  }
  if (gone.length > 0) return `Nothing to write in ${place}; the source has lost protos.`;
  if (growth.byHand.size > 0) return `Nothing to write in ${place}; you still have to add lines.`;
  if (types?.kind === "passed") return `${capital(place)} is up to date with its protos.`;
  return `Nothing to change in ${place} for its protos.`;
}

function capital(text: string): string {
  return text.replace(/^this/, "This");
}

const maxErrors = 10;

function typeText(types: TypeCheck | undefined): string {
  if (types === undefined || types.kind === "passed") return "";
  if (types.kind === "not checked") return `The types were not checked: ${types.reason}.`;
  const { errors } = types;
  const rest = errors.length - maxErrors;
  return list("It does not compile yet:", [
    ...errors.slice(0, maxErrors),
    ...(rest > 0 ? [`and ${counted(rest, "more error")}; run tsc to see all`] : []),
  ]);
}
