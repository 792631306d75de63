import { join } from "node:path";
import { runProgram } from "../../program.ts";
import { exists, localProgram } from "./local-program.ts";

/** The formatter of a project. */
export interface Formatter {
  /** Formats the text of a file. As it is if the formatter fails. */
  format(path: string, text: string): Promise<string>;
}

/** Finds the formatter that a project has installed and configured: biome or prettier. */
export async function findFormatter(
  project: string,
  signal: AbortSignal,
): Promise<Formatter | undefined> {
  const biome = await localProgram(project, "biome");
  const configs = ["biome.json", "biome.jsonc"].map((name) => exists(join(project, name)));
  if (biome !== undefined && (await Promise.all(configs)).includes(true)) {
    return formatter(biome, (path) => [
      "check",
      "--write",
      "--linter-enabled=false",
      `--stdin-file-path=${path}`,
    ]);
  }
  const prettier = await localProgram(project, "prettier");
  return prettier === undefined
    ? undefined
    : formatter(prettier, (path) => ["--stdin-filepath", path]);

  function formatter(program: string, args: (path: string) => readonly string[]): Formatter {
    return {
      async format(path, text) {
        const { exitCode, output } = await runProgram(program, args(path), {
          folder: project,
          input: text,
          signal,
        });
        const formatted = Buffer.from(output).toString("utf8");
        return exitCode === 0 && formatted.trim() !== "" ? formatted : text;
      },
    };
  }
}

/**
 * Formats what a run adds. A file that the user has is formatted only if it was formatted before: else
 * lines of the user would change.
 */
export async function formatChanges(
  formatter: Formatter | undefined,
  changes: ReadonlyMap<string, string>,
  before: (path: string) => string | undefined,
): Promise<Map<string, string>> {
  const formatted = new Map(changes);
  if (formatter === undefined) return formatted;
  const paths = [...changes.keys()].filter((path) => /\.[cm]?[jt]sx?$/.test(path));
  const next = async (): Promise<void> => {
    const path = paths.pop();
    if (path === undefined) return;
    const present = before(path);
    const text = changes.get(path) ?? "";
    const mayFormat = present === undefined || (await formatter.format(path, present)) === present;
    if (mayFormat) formatted.set(path, await formatter.format(path, text));
    return next();
  };
  await Promise.all(Array.from({ length: 4 }, next));
  return formatted;
}
