import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { load } from "js-yaml";
import { quick, run, temporaryFolder } from "../scaffold/support.ts";

const flags: readonly (readonly string[])[] = [
  [],
  ["--postgres"],
  ["--redis"],
  ["--postgres", "--redis", "--kubernetes"],
];

/** Every choice of additions that differs for operations, for `describe.each`. */
export const choices = flags.map((choice) => ({
  title: choice.join(" ") || "no addition",
  choice,
}));

/**
 * Scaffolds the user starter with these flags, installs nothing, and returns the folder. Without
 * `--postgres` it has none, although that is its default.
 */
export async function scaffold(flags: readonly string[], name = "demo"): Promise<string> {
  const cwd = await temporaryFolder();
  const without = flags.includes("--postgres") ? [] : ["--no-postgres"];
  const args = [name, "--starter", "user", ...quick, ...flags, ...without];
  const { code, notes } = await run(args, { cwd });
  if (code !== 0) throw new Error(notes);
  return join(cwd, name);
}

/** Puts a program of that name into a folder, for the front of the PATH. */
export async function fakeProgram(folder: string, name: string, script: string): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

/** Parses YAML. Nothing checks that it is a T, except what the tests expect of it. */
export function parseYaml<T>(text: string): T {
  return JSON.parse(JSON.stringify(load(text)));
}
