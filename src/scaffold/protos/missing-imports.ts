import { counted } from "../../terminal/counted.ts";
import { UsageError } from "../../terminal/errors.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { publishedHints } from "./published-protos.ts";

/** An import of a missing file. */
export interface MissingImport {
  /** Path of the imported file. */
  readonly path: string;
  /** Where it is imported: `file:line:col`. */
  readonly place: string;
}

/** Imports that are nowhere: the user may know where. */
export class MissingImportsError extends UsageError {}

/** What helps with missing imports. This program uses no network. */
export interface ImportHelp {
  /** Folder whose buf.yaml has dependencies: buf has them in its cache or can fetch them. */
  readonly dependent?: string | undefined;
  /** Folders with different files of that import path. */
  folders(path: string): readonly string[];
}

/** An error that names every missing file, and how to get widely used ones. */
export function missingImportsError(
  imports: readonly MissingImport[],
  { dependent, folders }: ImportHelp,
): MissingImportsError {
  const places = new Map(imports.toReversed().map(({ path, place }) => [path, place] as const));
  const paths = [...places.keys()].reverse();
  const [first = "", ...others] = paths;
  const [more, whose] =
    others.length === 0 ? ["", "its"] : [` and ${counted(others.length, "other import")}`, "their"];
  const listed = others.slice(0, maxListed).map((path) => `${places.get(path)}: ${path}`);
  const rest = others.length - listed.length;
  return new MissingImportsError(
    `${places.get(first)}: cannot find ${first}${more}; add ${whose} folder with -I <dir>`,
    [
      ...listed,
      ...(rest > 0 ? [`and ${rest} more`] : []),
      ...paths.flatMap((path) => choiceHint(path, folders(path))),
      ...publishedHints(paths),
      ...(dependent === undefined ? [] : [exportHint(dependent)]),
    ],
  );
}

const maxListed = 20;

function choiceHint(path: string, folders: readonly string[]): string[] {
  if (folders.length === 0) return [];
  const choices = folders.map((folder) => `-I ${shellWord(folder)}`).join(" or ");
  return [`for ${path}, choose one of several files: add ${choices}`];
}

function exportHint(dependent: string): string {
  const file = dependent === "." ? "buf.yaml" : `${dependent}/buf.yaml`;
  return `for all deps of ${file}, run: buf export ${shellWord(dependent)} --output third_party; then add -I third_party`;
}
