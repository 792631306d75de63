import { printable } from "../../terminal/printable.ts";
import type { Renames } from "./renames/decide-renames.ts";
import { renameFlag, renameText } from "./renames/rename.ts";
import type { SyncCommand } from "./sync-command.ts";

/** Asks for a decision about renames by commands, where nobody can be asked. */
export function pendingText(
  shown: string,
  { done, offers }: Pick<Renames, "done" | "offers">,
  command: SyncCommand,
): string {
  const renames = offers.filter(({ kind }) => kind === "rename");
  const place = shown === "." ? "this project" : printable(shown);
  return `${[
    list(
      `Nothing was written into ${place}: these look renamed.`,
      renames.map((rename) => renameText(rename)),
    ),
    list("If so, move their code, tests and mentions to the new names:", [
      command([...done, ...renames].map(renameFlag)),
    ]),
    list("If not, add stubs for what is new:", [
      command([...done.map(renameFlag), "--rename none"]),
    ]),
  ].join("\n")}\n`;
}

/** The commands that start a service as a copy. */
export function copyOffers({ offers }: Pick<Renames, "offers">, command: SyncCommand): string {
  return list(
    "You have another version of it. To start with copies of its handlers instead of stubs:",
    offers.map((copy) => command([renameFlag(copy)])),
  );
}

/** A title with indented lines. Empty without lines. */
export function list(title: string, entries: readonly string[]): string {
  if (entries.length === 0) return "";
  return [title, ...entries.map((entry) => `  ${printable(entry).trimEnd()}`)].join("\n");
}
