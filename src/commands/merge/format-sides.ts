import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseJson, property } from "../../json.ts";
import { readIfPresent } from "../../scaffold/disk/plan.ts";
import { runProgram } from "../../scaffold/program.ts";
import { localProgram } from "../../scaffold/update/checks/local-program.ts";
import { pick, writeTree } from "./find-moves.ts";
import { type Contents, changedPaths, type Sides } from "./plan-merge.ts";

/** The changed files as the project's formatter leaves them. */
export interface Formatted {
  readonly sides: Sides;
  /** Undefined if the project has no formatter that is installed. */
  readonly formatter: string | undefined;
}

interface Formatter {
  readonly name: string;
  /** Files at the root of the project that configure it. */
  readonly configures: RegExp;
  readonly args: readonly string[];
}

interface InstalledFormatter extends Formatter {
  readonly program: string;
}

/** The one of new projects first. A project with both has left its configuration behind. */
const formatters: readonly Formatter[] = [
  {
    name: "biome",
    configures: /^\.?biome\.jsonc?$/,
    args: ["format", "--write", "--vcs-enabled=false", "--no-errors-on-unmatched", "."],
  },
  {
    name: "prettier",
    configures: /^\.prettierrc(?:\..+)?$|^prettier\.config\.[cm]?[jt]s$/,
    args: ["--write", "--ignore-unknown", "--log-level=silent", "."],
  },
];

/**
 * Formats both outputs with the formatter of the project: what the formatter changed in the user's files is
 * then no difference.
 */
export async function formatSides(
  root: string,
  raw: Sides,
  signal: AbortSignal,
): Promise<Formatted> {
  const changed = changedPaths(raw);
  const sides = { base: pick(raw.base, changed), theirs: pick(raw.theirs, changed) };
  const formatter = await findFormatter(root);
  if (formatter === undefined) return { sides, formatter: undefined };
  const base = await formatTree(root, formatter, sides.base, signal);
  const theirs = await formatTree(root, formatter, sides.theirs, signal);
  return { sides: { base, theirs }, formatter: formatter.name };
}

async function findFormatter(root: string): Promise<InstalledFormatter | undefined> {
  const names = await readdir(root);
  const manifest = parseJson((await readIfPresent(join(root, "package.json")))?.toString() ?? "");
  const format = String(property(property(manifest, "scripts"), "format"));
  const usable: InstalledFormatter[] = [];
  for (const formatter of formatters) {
    const { name, configures } = formatter;
    // A workspace above may have installed it.
    const program = await localProgram(root, name);
    const isUsed = names.some((file) => configures.test(file)) || format.startsWith(name);
    if (program !== undefined && isUsed) usable.push({ ...formatter, program });
  }
  // The script says which one is used, if there are several.
  return usable.find(({ name }) => format.startsWith(name)) ?? usable[0];
}

async function formatTree(
  root: string,
  { program, configures, args }: InstalledFormatter,
  files: Contents,
  signal: AbortSignal,
): Promise<Contents> {
  const folder = await mkdtemp(join(tmpdir(), "create-grpc-service-format-"));
  try {
    await writeTree(folder, files);
    // Instead of our own configuration, which may be among the files.
    await copyConfiguration(root, folder, configures);
    await symlink(dirname(dirname(program)), join(folder, "node_modules"), "junction");
    // A file that cannot be parsed stays as it is, and the exit code says so.
    await runProgram(program, args, { folder, signal });
    const formatted = new Map<string, Buffer>();
    for (const [path, content] of files) {
      const after = isConfiguration(path, configures)
        ? content
        : await readIfPresent(join(folder, path));
      formatted.set(path, after ?? content);
    }
    return formatted;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyConfiguration(root: string, folder: string, configures: RegExp) {
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isFile() || !isConfiguration(entry.name, configures)) continue;
    await copyFile(join(root, entry.name), join(folder, entry.name));
  }
}

function isConfiguration(path: string, configures: RegExp): boolean {
  return (
    configures.test(path) || [".editorconfig", ".prettierignore", "package.json"].includes(path)
  );
}
