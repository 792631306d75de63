import { writeFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../src/package-root.ts";
import type { Compiler } from "./typescript.ts";

export interface TypeErrors {
  /** In what our plugin printed, or in no file at all. */
  readonly ours: readonly string[];
  /** In what protoc-gen-es printed. */
  readonly messages: readonly string[];
  readonly seconds: number;
}

/**
 * Type-checks generated code under the strict settings of this repository.
 *
 * @throws Error when one of `paths` was not looked at
 */
export async function typeCheck(
  compiler: Compiler,
  folder: string,
  paths: readonly string[],
): Promise<TypeErrors> {
  const project = join(folder, "tsconfig.json");
  const base = relative(folder, join(packageRoot(), "tsconfig.json")).replaceAll("\\", "/");
  await writeFile(project, JSON.stringify({ extends: base, files: paths, include: [] }));
  const args = ["--project", project, "--pretty", "false", "--listFiles"];
  const start = performance.now();
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [...compiler.command, ...args],
    {
      cwd: folder,
      reject: false,
      maxBuffer: 1024 ** 3,
    },
  );
  const seconds = (performance.now() - start) / 1000;
  const lines = stdout.split("\n");
  const errors = lines.filter((line) => /\berror TS\d+: /.test(line));
  if (exitCode !== 0 && errors.length === 0) {
    throw new Error(`TypeScript ${compiler.version} ended with ${exitCode}: ${stderr}`);
  }
  const seen = new Set(
    lines
      .filter((line) => isAbsolute(line))
      .map((line) => relative(folder, line).replaceAll("\\", "/")),
  );
  const missed = paths.find((path) => !seen.has(path));
  if (missed !== undefined && errors.length === 0) {
    throw new Error(`TypeScript ${compiler.version} did not look at ${missed}`);
  }
  const isMessage = (line: string) => /_pb\.ts\(\d/.test(line);
  return {
    ours: errors.filter((line) => !isMessage(line)),
    messages: errors.filter(isMessage),
    seconds,
  };
}
