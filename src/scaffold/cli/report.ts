import type { Changes } from "../disk/changes.ts";
import type { GitOutcome } from "../new/git.ts";
import { printable } from "../printable.ts";
import type { PackageManager } from "../templates/package-managers.ts";

/** Every path a dry run would touch, one a line, as a tool can read it. */
export function dryRunText({ create, update, remove }: Changes, kept: readonly string[]): string {
  const lines = [
    ...[...create.keys()].map((path) => `create ${path}`),
    ...[...update.keys()].map((path) => `update ${path}`),
    ...remove.map((path) => `remove ${path}`),
    ...kept.map((path) => `keep   ${path}`),
  ];
  return `${lines.join("\n")}\nNothing was written.\n`;
}

/** What was made, and what could not be. */
export function createdText(shown: string, changes: Changes, kept: readonly string[]): string {
  const folder = shown === "." ? "this folder" : printable(shown);
  const text = `Wrote ${counted(changes.create.size, "file")} into ${folder}.\n`;
  if (kept.length === 0) return text;
  const list = kept.map((path) => `  ${path}\n`).join("");
  return `${text}Kept your version, which differs from ours, of:\n${list}`;
}

/** Services of the protos that got no handlers. */
export function builtInText(services: readonly string[]): string {
  return services.map((name) => `Left out ${name}: the server has it built in.\n`).join("");
}

/** A package.json that was kept knows nothing of this project yet. */
export function keptManifestText(missing: readonly string[]): string {
  const list = missing.map((line) => `  ${printable(line)}\n`).join("");
  return `\nNothing runs yet: your package.json was kept, and it lacks\n${list}`;
}

export function gitText(outcome: GitOutcome): string {
  if (outcome === "made") return "Created a git repository; nothing is committed yet.\n";
  return `No git repository created: ${outcome}.\n`;
}

/** The commands that come next. */
export function nextStepsText(
  folder: string,
  { install, run, name }: PackageManager,
  installed: boolean,
): string {
  const script = name === "npm" ? run : name;
  const steps = [
    ...(folder === "." ? [] : [[`cd ${shellWord(folder)}`]]),
    ...(installed ? [] : [[install]]),
    [`${script} dev`, "the server, restarted on every change"],
    [`${script} client`, "in a second terminal: calls every RPC"],
    [`${name} test`],
  ];
  const width = Math.max(...steps.map(([command = ""]) => command.length));
  const lines = steps.map(([command = "", what = ""]) => {
    return `  ${command.padEnd(width)}  ${what}`.trimEnd();
  });
  return `\nNext:\n${lines.join("\n")}\n`;
}

/** A project that asks for a file of this machine cannot be installed by CI, Docker or others. */
export function localSelfText(specifier: string): string {
  return `\nBefore you push, set a version of create-grpc-service in package.json: it is now ${specifier}, which only this machine has.\n`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A path as one word of a command line. */
export function shellWord(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;
}
