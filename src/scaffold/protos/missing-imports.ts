import { counted } from "../../terminal/counted.ts";
import { UsageError } from "../../terminal/errors.ts";
import { shellWord } from "../../terminal/shell-word.ts";

/** An import of a missing file. */
export interface MissingImport {
  /** Path of the imported file. */
  readonly path: string;
  /** Where it is imported: `file:line:col`. */
  readonly place: string;
}

/**
 * An error that names every missing file, and how to get widely used ones.
 *
 * @param dependent folder whose buf.yaml has dependencies. This program uses no network; buf has them in
 * its cache or can fetch them.
 */
export function missingImportsError(
  imports: readonly MissingImport[],
  dependent: string | undefined,
): UsageError {
  const places = new Map(imports.toReversed().map(({ path, place }) => [path, place] as const));
  const [first = "", ...others] = [...places.keys()].reverse();
  const more = others.length === 0 ? "" : ` and ${counted(others.length, "other import")}`;
  const listed = others.slice(0, maxListed).map((path) => `${places.get(path)}: ${path}`);
  const rest = others.length - listed.length;
  return new UsageError(
    `${places.get(first)}: cannot find ${first}${more}; add their folder with -I <dir>`,
    [
      ...listed,
      ...(rest > 0 ? [`and ${rest} more`] : []),
      ...publishedHints([...places.keys()]),
      ...(dependent === undefined ? [] : [exportHint(dependent)]),
    ],
  );
}

const maxListed = 20;

/** Sources of widely used files, by the start of their paths. */
const published: readonly (readonly [prefix: string, command: string, folder: string])[] = [
  [
    "google/",
    "npm install --prefix third_party google-proto-files",
    "third_party/node_modules/google-proto-files",
  ],
  [
    "buf/validate/",
    "git clone --depth 1 https://github.com/bufbuild/protovalidate",
    "protovalidate/proto/protovalidate",
  ],
];

function publishedHints(paths: readonly string[]): string[] {
  return published
    .filter(([prefix]) => paths.some((path) => path.startsWith(prefix)))
    .map(([prefix, command, folder]) => `for ${prefix}*, run: ${command}; then add -I ${folder}`);
}

function exportHint(dependent: string): string {
  const file = dependent === "." ? "buf.yaml" : `${dependent}/buf.yaml`;
  return `for all deps of ${file}, run: buf export ${shellWord(dependent)} --output third_party; then add -I third_party`;
}
