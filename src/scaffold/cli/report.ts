import { counted } from "../../terminal/counted.ts";
import { printable } from "../../terminal/printable.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import type { Changes } from "../disk/changes.ts";
import type { GitOutcome } from "../new/git.ts";
import { isOnThisMachineOnly } from "../new/specifier.ts";
import { type PackageManager, packageManager } from "../templates/package-managers.ts";

/** Every path that a run would change, one per line, readable by tools. */
export function dryRunText({ create, update, remove }: Changes, kept: readonly string[]): string {
  const lines = [
    ...[...create.keys()].map((path) => `create ${path}`),
    ...[...update.keys()].map((path) => `update ${path}`),
    ...remove.map((path) => `remove ${path}`),
    ...kept.map((path) => `keep   ${path}`),
  ];
  return `${lines.join("\n")}\nNothing was written.\n`;
}

/** The written files, and the existing ones that were kept. */
export function createdText(shown: string, changes: Changes, kept: readonly string[]): string {
  const folder = shown === "." ? "this folder" : printable(shown);
  const text = `Wrote ${counted(changes.create.size, "file")} into ${folder}.\n`;
  if (kept.length === 0) return text;
  const list = kept.map((path) => `  ${path}\n`).join("");
  return `${text}Kept these files, which differ from the generated ones:\n${list}`;
}

/** Services of the protos without handlers. */
export function builtInText(services: readonly string[]): string {
  return services.map((name) => `Left out ${name}: it is built into the server.\n`).join("");
}

/** What to add to a package.json that was kept. */
export function keptManifestText(missing: readonly string[]): string {
  const list = missing.map((line) => `  ${printable(line)}\n`).join("");
  return `\nYour package.json was kept. Before you can run anything, add to it\n${list}`;
}

export function gitText(outcome: GitOutcome): string {
  if (outcome === "made") return "Created a git repository; nothing is committed yet.\n";
  return `No git repository created: ${outcome}.\n`;
}

/** The next commands to run. */
export function nextStepsText(
  folder: string,
  { install, run, name }: PackageManager,
  installed: boolean,
): string {
  const script = name === "npm" ? run : name;
  const isPlain = install === packageManager(name).install;
  const steps = [
    ...(folder === "." ? [] : [[`cd ${shellWord(folder)}`]]),
    ...(installed ? [] : [[install, isPlain ? "" : "the versions that were tested"]]),
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

/** Where the handlers are that the user is to write. */
export function stubsText(paths: readonly string[]): string {
  const handler = paths.find((path) => /^src\/services\/.+\/(?!index\.ts$)[^/]+$/.test(path));
  if (handler === undefined) return "";
  return `Then write the handlers, one file per RPC, such as ${handler}. So far they say UNIMPLEMENTED.\n`;
}

/** Warns about absolute paths: such a project cannot be installed on another machine. */
export function localPackagesText(specifiers: Readonly<Record<string, string>>): string {
  return Object.entries(specifiers)
    .filter(([, specifier]) => isOnThisMachineOnly(specifier))
    .map(
      ([name, specifier]) =>
        `\nBefore you push, change ${name} in package.json: ${specifier} exists on this machine only.\n`,
    )
    .join("");
}
