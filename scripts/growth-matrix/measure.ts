import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { type ProtoChange, type Protos, protos } from "./changes.ts";
import { mark, userFiles } from "./shapes.ts";
import { unanswered } from "./unanswered.ts";

/** What a run did to a project whose protos changed. */
export interface Cell {
  /** Files that it created for RPCs that have a handler. */
  readonly spurious: readonly string[];
  /** Lines of the user that are gone. */
  readonly lost: readonly string[];
  /** It said "up to date", and the compiler disagrees or an RPC has no handler; or it forgot what to add. */
  readonly falseUpToDate: boolean;
  /** Files with code of the user that it advises to remove. */
  readonly badAdvice: readonly string[];
  /** Whether the project compiles after the run. */
  readonly compiles: boolean;
  /** Whether it compiles after the first command that the run printed. Undefined if there was none. */
  readonly compilesAfterCommand: boolean | undefined;
  readonly output: string;
}

/** A checkout of this repository whose code is measured. */
export interface Tool {
  readonly root: string;
  readonly modules: string;
}

export async function scaffold({ root, modules }: Tool, folder: string): Promise<string> {
  const project = join(folder, "demo");
  await writeProtos(join(folder, "in"), protos);
  const flags = ["--yes", "--no-install", "--no-git", "--self", "^0.1.0", "--runtime", "^0.1.0"];
  await runTool(root, "scaffold/cli", ["demo", ...flags, "--proto", "in"], folder);
  await symlink(modules, join(project, "node_modules"));
  return project;
}

export async function measure(
  { root }: Tool,
  shaped: string,
  project: string,
  { apply, creates }: ProtoChange,
): Promise<Cell> {
  await cp(shaped, project, { recursive: true, verbatimSymlinks: true });
  await rm(join(project, "proto"), { recursive: true });
  await writeProtos(join(project, "proto"), apply(protos));
  const before = await userFiles(project);
  const { stdout: output } = await runTool(root, "scaffold/cli", [".", "--yes"], project);
  const after = await userFiles(project);
  const compiles = await typeChecks(project);
  // "Up to date" is what the next run says.
  const { stdout: again } = await runTool(root, "scaffold/cli", [".", "--yes"], project);
  const open = await unanswered(project);
  const isSaidAgain = again.includes("Add these lines");
  const created = [...after.keys()].filter((path) => !before.has(path));
  const command = commandIn(output);
  const cell = {
    spurious: created.filter((path) => creates?.test(path) !== true),
    falseUpToDate: isUpToDate(output + again)
      ? !compiles || open.length > 0
      : compiles && open.length > 0 && !isSaidAgain && !isPending(again),
    badAdvice: [
      ...advised(output, before),
      ...(isSaidAgain && compiles && open.length === 0 ? ["lines that are there"] : []),
    ],
    compiles,
    output,
  };
  if (command === undefined) {
    return { ...cell, lost: lostLines(before, after), compilesAfterCommand: undefined };
  }
  const decided = await decide(root, project, command);
  const last = await userFiles(project);
  const compilesAfterCommand = await typeChecks(project);
  const left = await unanswered(project);
  const isForgotten = left.length > 0 && !decided.includes("Add these lines");
  return {
    ...cell,
    falseUpToDate: cell.falseUpToDate || (compilesAfterCommand && isForgotten),
    output: `${output}${decided}`,
    lost: [...lostLines(before, after), ...lostLines(before, last)],
    compilesAfterCommand,
  };
}

/** Runs the command that a run printed, and those that the answers print. Returns their output. */
async function decide(root: string, project: string, command: string): Promise<string> {
  const { stdout } = await runTool(root, "commands", command.split(" "), project);
  const output = `\n$ grpc-service ${command}\n${stdout}`;
  const next = commandIn(stdout);
  return isPending(stdout) && next !== undefined && next !== command
    ? output + (await decide(root, project, next))
    : output;
}

/** The first command in an output. */
function commandIn(output: string): string | undefined {
  return /grpc-service (sync --(?:rename|copy) \S+(?: --rename \S+)*)$/m.exec(output)?.[1];
}

function isUpToDate(output: string): boolean {
  return /\bis up to date/.test(output);
}

/** Whether a run waits for a decision. */
function isPending(output: string): boolean {
  return output.includes("these look renamed");
}

async function writeProtos(folder: string, files: Protos): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function runTool(root: string, program: string, args: readonly string[], cwd: string) {
  const bin = join(root, "src", program, "bin.ts");
  return execa(process.execPath, ["--import", import.meta.resolve("tsx"), bin, ...args], {
    cwd,
    // A project that waits for a decision.
    reject: false,
  });
}

export async function typeChecks(project: string): Promise<boolean> {
  const options = { cwd: project, preferLocal: true, localDir: project, reject: false };
  return (await execa("tsc", ["--noEmit"], options)).exitCode === 0;
}

/** Lines of the user that are nowhere in the project any more, apart from formatting and names. */
function lostLines(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const own = (files: ReadonlyMap<string, string>) =>
    [...files.values()].flatMap((text) =>
      text
        .split("\n")
        .flatMap((line) => (line.includes(mark) ? [/mine.*$/.exec(line)?.[0] ?? ""] : [])),
    );
  const left = own(after);
  return own(before).filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** The files in lists of what to remove that have code of the user. */
function advised(output: string, files: ReadonlyMap<string, string>): string[] {
  const lists = output
    .split(/\n(?! )/)
    .filter((section) => /\bremove\b/.test(section.split("\n")[0] ?? ""));
  const entries = lists.flatMap((section) => section.split("\n").slice(1));
  return entries.flatMap((entry) => {
    const path = /^ +(\S+\/\S*?)(?:\s|$)/.exec(entry)?.[1] ?? "";
    if (path === "" || /:\d+/.test(path)) return [];
    return [...files]
      .filter(([name, text]) => (name === path || name.startsWith(path)) && text.includes(mark))
      .map(([name]) => name);
  });
}
