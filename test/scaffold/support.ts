import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { main } from "../../src/scaffold/cli/main.ts";
import type { Host } from "../../src/scaffold/host.ts";

/** A new empty folder outside the repository; it is removed after the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "create-grpc-service-test-")));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** What a run of the command line left. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
}

/** Runs the command line in this process: everything but bin.ts. */
export async function run(
  args: readonly string[],
  host: Partial<Host> & Pick<Host, "cwd">,
): Promise<Outcome> {
  let output = "";
  let notes = "";
  const code = await main(args, {
    env: {},
    interactive: false,
    columns: 80,
    signal: new AbortController().signal,
    print: (text) => {
      output += text;
    },
    note: (text) => {
      notes += text;
    },
    ...host,
  });
  return { code, output, notes };
}

/** Flags of a run that takes every default and leaves install and git out. */
export const quick = ["--yes", "--no-install", "--no-git"];

/** Writes files below a folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** Every file below a folder but node_modules: path -> text. */
export async function readFiles(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !path.startsWith("node_modules")) {
      files.set(path.replaceAll("\\", "/"), await readFile(join(folder, path), "utf8"));
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Lends the repository's node_modules to a scaffolded project: tools run without an install. */
export async function lendModules(project: string): Promise<void> {
  await symlink(join(packageRoot(), "node_modules"), join(project, "node_modules"), "junction");
}

/** A proto with one service. */
export function proto(packageName: string, body = "rpc Get(M) returns (M);"): string {
  return `syntax = "proto3";
package ${packageName};
message M {}
service UserService { ${body} }
`;
}
