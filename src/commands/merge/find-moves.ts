import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { runGit } from "../../scaffold/git.ts";
import { contentHash } from "../../scaffold/new/record.ts";
import type { Contents } from "./plan-merge.ts";

/** Input of {@link findMoves}. */
export interface MovesInput {
  /** Content of a file of the project. */
  read(path: string): Promise<Buffer | undefined>;
  /** What we wrote, whether it is there or not. */
  readonly base: Contents;
  readonly hashes: ReadonlyMap<string, string>;
  /** Paths of the files of the project. */
  readonly present: readonly string[];
  /** Paths of `base` that matter. */
  readonly wanted: readonly string[];
}

/**
 * Finds files of ours that the user has moved or renamed: by their hash, then as git finds renames, by the
 * likeness of their contents.
 *
 * @returns path in `base` -> path in the project
 */
export async function findMoves(input: MovesInput): Promise<Map<string, string>> {
  const { read, base, present, wanted } = input;
  const there = new Set(present);
  const missing = wanted.filter((path) => base.has(path) && !there.has(path));
  if (missing.length === 0) return new Map();
  const candidates = new Map<string, Buffer>();
  for (const path of present.filter((path) => !base.has(path))) {
    const content = await read(path);
    if (content !== undefined && content.length > 0) candidates.set(path, content);
  }
  const moves = movesByHash(input, missing, candidates);
  const taken = new Set(moves.values());
  const rest = missing.filter((path) => !moves.has(path));
  const left = [...candidates].filter(([path]) => !taken.has(path));
  const alike = await movesByLikeness(pick(base, rest), new Map(left));
  return new Map([...moves, ...alike]);
}

function movesByHash(
  { base, hashes }: MovesInput,
  missing: readonly string[],
  candidates: Contents,
): Map<string, string> {
  const moves = new Map<string, string>();
  const candidateHashes = [...candidates].map(([path, content]) => [path, contentHash(content)]);
  for (const path of missing) {
    const known = [hashes.get(path), contentHash(base.get(path) ?? "")];
    // Several files may have one content: each is the move of one file.
    const taken = [...moves.values()];
    const found = candidateHashes
      .filter(([candidate = "", hash]) => known.includes(hash) && !taken.includes(candidate))
      .map(([candidate = ""]) => candidate);
    const best = found.find((candidate) => basename(candidate) === basename(path)) ?? found[0];
    if (best !== undefined) moves.set(path, best);
  }
  return moves;
}

async function movesByLikeness(missing: Contents, candidates: Contents) {
  if (missing.size === 0 || candidates.size === 0) return new Map<string, string>();
  const folder = await mkdtemp(join(tmpdir(), "create-grpc-service-moves-"));
  try {
    await writeTree(join(folder, "a"), missing);
    await writeTree(join(folder, "b"), candidates);
    const args = ["diff", "--no-index", "--name-status", "-z", "--diff-filter=R", "-M60%"];
    const { exitCode, output } = await runGit(folder, [...args, "a", "b"]);
    // 1: there are differences. Anything else: no git, and no moves.
    if (exitCode !== 1) return new Map<string, string>();
    return parseRenames(Buffer.from(output).toString());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `R086\0a/src/x.ts\0b/src/y.ts\0` for each. */
function parseRenames(output: string): Map<string, string> {
  const fields = output.split("\0");
  const renames = new Map<string, string>();
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [from = "", to = ""] = fields.slice(index + 1);
    renames.set(from.slice("a/".length), to.slice("b/".length));
  }
  return renames;
}

/** Writes files below a folder. */
export async function writeTree(folder: string, files: Contents): Promise<void> {
  for (const [path, content] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** The entries of these paths. */
export function pick(files: Contents, paths: readonly string[]): Map<string, Buffer> {
  return new Map(
    paths.flatMap((path) => {
      const content = files.get(path);
      return content === undefined ? [] : [[path, content] as const];
    }),
  );
}
