import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder } from "../support.ts";

export const one = "rpc Get(M) returns (M);";
export const two = `${one} rpc List(M) returns (stream M);`;

let original: string;
let cwd: string;

/** Makes a project with the RPC of `one`, and a copy of it in a new folder before each test. */
export function copyBeforeEach(): void {
  beforeAll(async () => {
    original = await temporaryFolder();
    await writeFile(join(original, "user.proto"), proto("user", one));
    const { code } = await run(["demo", ...quick, "--proto", "user.proto"], { cwd: original });
    expect(code).toBe(0);
  });

  beforeEach(async () => {
    cwd = await temporaryFolder();
    await cp(original, cwd, { recursive: true });
  });
}

/** Absolute path of a file of the copy; without a path, of the copy itself. */
export function inProject(path = ""): string {
  return join(cwd, "demo", path);
}

/** Absolute path of a file beside the copy. */
export function besideProject(path: string): string {
  return join(cwd, path);
}

/** Runs again on the copy, and compares its files before and after. */
export async function grow(...args: string[]) {
  const before = await readFiles(inProject());
  const outcome = await run(["demo", ...args], { cwd });
  const after = await readFiles(inProject());
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const changed = paths.filter((path) => before.get(path) !== after.get(path));
  const text = (path: string) => after.get(path) ?? "";
  return { ...outcome, changed, text };
}

export async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = (await readFiles(inProject())).get(path) ?? "";
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(inProject(path), changed);
}

/** Replaces the proto of the copy by one whose service has these RPCs. */
export async function setRpcs(rpcs: string): Promise<void> {
  await writeFile(inProject("proto/user.proto"), proto("user", rpcs));
}
