import { createHash } from "node:crypto";
import { parseJson, property } from "../../json.ts";
import { maxWidth } from "../../print/layout.ts";
import { packageManagerNames } from "../templates/package-managers.ts";
import type { Answers } from "../templates/template-context.ts";
import type { Project } from "./project.ts";

/** The file in a project that records how it was made. */
export const recordFile = ".create-grpc-service.json";

/** The answers that a project was made with. */
export type RecordedAnswers = Pick<Answers, "name" | "starter" | "additions" | "packageManager">;

/** What a project remembers of how it was made, so that a newer version can change it. */
export interface ProjectRecord {
  /** The version of create-grpc-service that wrote the files. */
  readonly version: string;
  readonly answers: RecordedAnswers;
  /** Hash of every file of the user as it was written, by path. Empty in projects of old versions. */
  readonly files: ReadonlyMap<string, string>;
  /** Further keys of the file, which stay as they are. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Identifies the content of a file. Short: it tells versions of one file apart. */
export function contentHash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

/** The hash of each file that the user owns. */
export function hashFiles(project: Project): Map<string, string> {
  const owned = [...project].filter(([path, { owner }]) => owner === "user" && path !== recordFile);
  return new Map(owned.map(([path, { content }]) => [path, contentHash(content)]));
}

/** Prints the record of a project. */
export function printRecord({ version, answers, files, more }: ProjectRecord): string {
  const { name, starter, packageManager } = answers;
  const additions = Object.fromEntries(answers.additions.map((addition) => [addition, true]));
  const record = {
    version,
    answers: { name, starter, additions, packageManager },
    ...more,
    files: Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return `${inlineLists(JSON.stringify(record, undefined, 2))}\n`;
}

/** Formatters keep a list on one line if it fits: the lint of a project checks its record too. */
function inlineLists(json: string): string {
  return json.replace(/^( *"[^"]*": )\[\n([^[\]{}]*)\n *\](,?)$/gm, (list, head, items, comma) => {
    const line = `${head}[${items.trim().replace(/,\n */g, ", ")}]${comma}`;
    return line.length <= maxWidth ? line : list;
  });
}

/** Reads the text of a record; undefined if it does not say which version and answers made the project. */
export function parseRecord(text: string): ProjectRecord | undefined {
  const record = parseJson(text);
  const version = property(record, "version");
  const given = property(record, "answers");
  const [name, starter] = [property(given, "name"), property(given, "starter")];
  const manager = packageManagerNames.find((known) => known === property(given, "packageManager"));
  if (!isVersion(version) || typeof name !== "string" || manager === undefined) {
    return undefined;
  }
  const additions = entries(property(given, "additions")).filter(([, is]) => is === true);
  const known = new Set(["version", "answers", "files"]);
  return {
    version,
    answers: {
      name,
      starter: typeof starter === "string" ? starter : "",
      additions: additions.map(([addition]) => addition),
      packageManager: manager,
    },
    files: new Map(
      entries(property(record, "files")).flatMap(([path, hash]) =>
        typeof hash === "string" ? [[path, hash] as const] : [],
      ),
    ),
    more: Object.fromEntries(entries(record).filter(([key]) => !known.has(key))),
  };
}

function isVersion(value: unknown): value is string {
  return typeof value === "string" && /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(value);
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
