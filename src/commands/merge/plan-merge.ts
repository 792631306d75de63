import { isUtf8 } from "node:buffer";
import { parseJson } from "../../json.ts";
import { withLineEndingOf } from "../../line-endings.ts";
import { contentHash } from "../../scaffold/new/record.ts";
import { UsageError } from "../../terminal/errors.ts";
import { mergeManifest } from "./merge-manifest.ts";
import { type Labels, type MergeText, mergeFile } from "./merge-text.ts";

/** Contents of files, by path in the project. */
export type Contents = ReadonlyMap<string, Buffer>;

/** What we write into a project: before and after. */
export interface Sides {
  readonly base: Contents;
  readonly theirs: Contents;
}

/** Input of {@link planMerge}. */
export interface MergeInput {
  /** The files of the user, as they were printed. */
  readonly raw: Sides;
  /** The files that differ, as the project's formatter leaves them. */
  readonly formatted: Sides;
  /** The hash of each file as it was written into the project. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Where a file is now: path of `base` -> path in the project. */
  readonly moves: ReadonlyMap<string, string>;
  /** Content of a file of the project. Undefined: it does not exist. */
  read(path: string): Promise<Buffer | undefined>;
  /** Whether code of the project imports a package. */
  isUsed(name: string): boolean;
  /** Changes what the user wrote before it is merged, and the base likewise: renames of an API. */
  migrate(path: string, text: string): string;
  readonly merge: MergeText;
  readonly labels: Labels;
}

/** What happens to one file. */
export interface MergedFile {
  /** Its path in the project. */
  readonly path: string;
  /**
   * `add`, `replace` (the user had not changed it), `merge`, `conflict` and `remove` change the project.
   * `keep`: it stays as it is, and `why` says so. `absent`: the user removed it, and it is not written again.
   */
  readonly action: "add" | "replace" | "merge" | "conflict" | "remove" | "keep" | "absent";
  /** The content to write, unless the file is not written. */
  readonly content?: string | Buffer;
  /** Lines of conflicts, from 1. */
  readonly lines?: readonly number[];
  readonly why?: string;
  /** Further remarks, one per line. */
  readonly notes?: readonly string[];
}

/**
 * Plans the merge of what changed between two outputs into a project. Changes nothing.
 *
 * @throws UsageError for a file in which an earlier conflict was not resolved
 */
export async function planMerge(input: MergeInput): Promise<MergedFile[]> {
  const { base, theirs } = input.raw;
  const files: MergedFile[] = [];
  for (const path of changedPaths(input.raw)) {
    const file = !base.has(path)
      ? await planNew(input, path)
      : theirs.has(path)
        ? await planChanged(input, path)
        : await planGone(input, path);
    if (file !== undefined) files.push(file);
  }
  return files;
}

/** The paths whose content differs between both sides, sorted. */
export function changedPaths({ base, theirs }: Sides): string[] {
  const all = [...new Set([...base.keys(), ...theirs.keys()])].sort();
  return all.filter((path) => {
    const [before, after] = [base.get(path), theirs.get(path)];
    return before === undefined || after === undefined || !before.equals(after);
  });
}

async function planNew(input: MergeInput, path: string): Promise<MergedFile | undefined> {
  const content = input.formatted.theirs.get(path);
  const present = await input.read(path);
  if (present !== undefined) {
    if (content !== undefined && isText(present, content)) return undefined;
    return { path, action: "keep", why: "it is new, and you have a file of that name" };
  }
  if (await isRemovedFolder(input, path)) {
    return { path, action: "absent", why: "it is new, and you removed its folder" };
  }
  return content === undefined ? undefined : { path, action: "add", content };
}

/** Whether a folder had files of ours and the user has removed all of them. */
async function isRemovedFolder({ raw, read, moves }: MergeInput, path: string): Promise<boolean> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const siblings = [...raw.base.keys()].filter(
    (other) => other.startsWith(folder) && !other.slice(folder.length).includes("/"),
  );
  if (folder === "" || siblings.length === 0) return false;
  for (const sibling of siblings) {
    if (moves.has(sibling) || (await read(sibling)) !== undefined) return false;
  }
  return true;
}

async function planGone(input: MergeInput, path: string): Promise<MergedFile | undefined> {
  const moved = input.moves.get(path);
  const present = await input.read(moved ?? path);
  if (present === undefined) return undefined;
  if (moved === undefined && isUnchanged(input, path, present)) return { path, action: "remove" };
  const why = `we do not write it any more, and you ${moved === undefined ? "changed" : "moved"} it`;
  return { path: moved ?? path, action: "keep", why };
}

async function planChanged(input: MergeInput, path: string): Promise<MergedFile | undefined> {
  const place = input.moves.get(path) ?? path;
  const ours = await input.read(place);
  const theirs = input.formatted.theirs.get(path);
  if (theirs === undefined) return undefined;
  if (ours === undefined) return { path, action: "absent", why: "you removed it" };
  if (isText(ours, theirs)) return undefined;
  if (path === "package.json") return planManifest(input, path, ours);
  if (isUnchanged(input, path, ours)) {
    return { path: place, action: "replace", content: withEnding(ours, theirs) };
  }
  if (isBinary(ours) || isBinary(theirs)) {
    return { path: place, action: "keep", why: "you changed it, and it is not text" };
  }
  return planText(input, path, place, ours);
}

async function planText(
  input: MergeInput,
  path: string,
  place: string,
  ours: Buffer,
): Promise<MergedFile | undefined> {
  const { merge, migrate, labels, raw, formatted } = input;
  const sides = ({ base, theirs }: Sides) => ({
    base: migrate(path, textOf(base.get(path))),
    theirs: textOf(theirs.get(path)),
  });
  const text = migrate(path, textOf(ours));
  if (hasMarkers(text)) {
    throw new UsageError(`${place} has conflict markers: resolve them and commit first`);
  }
  const merged = await mergeFile(merge, text, sides(formatted), sides(raw), labels);
  if (merged.text === textOf(ours)) return undefined;
  if (merged.conflicts.length === 0) return { path: place, action: "merge", content: merged.text };
  return { path: place, action: "conflict", content: merged.text, lines: merged.conflicts };
}

/** A merge would take the sides of the conflict for lines of the user. */
function hasMarkers(text: string): boolean {
  return /^<<<<<<< /m.test(text) && /^>>>>>>> /m.test(text);
}

function planManifest(input: MergeInput, path: string, ours: Buffer): MergedFile | undefined {
  const own = ["create-grpc-service", "grpc-service"];
  const { base, theirs } = input.raw;
  const texts = {
    ours: textOf(ours),
    base: textOf(base.get(path)),
    theirs: textOf(theirs.get(path)),
  };
  const { text, notes } = mergeManifest(texts, { own, isUsed: input.isUsed });
  if (text === texts.ours) {
    return notes.length === 0 ? undefined : { path, action: "keep", notes };
  }
  const isSame = isUnchanged(input, path, ours) || values(texts.ours) === values(texts.base);
  return { path, action: isSame ? "replace" : "merge", content: text, notes };
}

/** What a JSON file says, however it is formatted. */
function values(text: string): string | undefined {
  return JSON.stringify(parseJson(text));
}

/** Whether a file is as we wrote it, formatted or not. */
function isUnchanged({ hashes, raw, formatted }: MergeInput, path: string, ours: Buffer): boolean {
  if (contentHash(ours) === hashes.get(path)) return true;
  return [raw, formatted].some(({ base }) => {
    const content = base.get(path);
    return content !== undefined && isText(ours, content);
  });
}

/** Whether both are the same but for the line ending of the first. */
function isText(ours: Buffer, content: Buffer): boolean {
  return ours.equals(content) || ours.equals(Buffer.from(withEnding(ours, content)));
}

function withEnding(ours: Buffer, content: Buffer): string | Buffer {
  return isBinary(content) ? content : withLineEndingOf(textOf(ours), textOf(content));
}

/** Also text in another encoding than UTF-8, which a merge would destroy. */
function isBinary(content: Buffer): boolean {
  return content.includes(0) || !isUtf8(content);
}

function textOf(content: Buffer | undefined): string {
  return content?.toString("utf8") ?? "";
}
