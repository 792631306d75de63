import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach } from "vitest";
import { compileInputs } from "../../../src/scaffold/protos/compile.ts";
import { temporaryFolder, writeFiles } from "../support.ts";

/** A new folder for each test. */
export let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

/** The files that a project would get under proto/. */
export async function collected(paths: readonly string[], importPaths: readonly string[] = []) {
  const { signal } = new AbortController();
  const { protoFiles } = await compileInputs({ proto: paths, importPaths, cwd, signal });
  return [...protoFiles.keys()].sort();
}

/** A proto of a package with an own message and a service, that uses what it imports. */
export function service(packageName: string, ...imports: readonly string[]): string {
  const lines = imports.map((path) => `import public "${path}";`);
  const name = packageName.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `syntax = "proto3";\npackage ${packageName};\n${lines.join("\n")}
message ${name}Request {}\nservice ${name} { rpc Get(${name}Request) returns (${name}Request); }\n`;
}

/** A repository, as its owner cloned it. */
export async function repository(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await writeFiles(join(cwd, name), files);
  await mkdir(join(cwd, name, ".git"), { recursive: true });
}
