import { statSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../../../terminal/nearest.ts";
import { readDotEnv, readIfPresent, type Variables } from "../../project/variables.ts";
import { type Finding, failure, ok, skipped, warning } from "../finding.ts";
import type { SettingsReport } from "../inspection.ts";

/**
 * Checks the settings of server and client: whether their values are valid, and `.env`: whether its names
 * are known and nobody else can read it.
 *
 * @param env the variables that are set
 * @param settings undefined if the project's code that reads them cannot be loaded
 */
export function checkSettings(
  root: string,
  env: Variables,
  settings: SettingsReport | undefined,
): Finding[] {
  if (settings === undefined) {
    return [skipped("not checked: fix the code first"), ...readableByOthers(root)];
  }
  const dotEnv = readDotEnv(root);
  const findings = [
    ...settings.problems.map((problem) => failure(problem, "see .env.example")),
    ...unknownNames(root, dotEnv ?? {}, settings.names),
    ...readableByOthers(root),
  ];
  if (findings.length > 0) return findings;
  return [ok(`valid; ${sources(settings.names, env, dotEnv)}`)];
}

/** Where the values come from. */
function sources(names: readonly string[], env: Variables, dotEnv: Variables | undefined): string {
  const set = names.filter((name) => env[name] && env[name] !== dotEnv?.[name]);
  if (set.length === 0) {
    return dotEnv === undefined ? "all have their defaults (there is no .env)" : "all from .env";
  }
  const fromEnvironment = `${set.join(", ")} from the environment`;
  return dotEnv === undefined
    ? `${fromEnvironment} (there is no .env)`
    : `${fromEnvironment}, the rest from .env`;
}

/** Names in `.env` that neither the code reads nor .env.example or docker-compose.yml mentions. */
function unknownNames(root: string, dotEnv: Variables, settings: readonly string[]): Finding[] {
  const texts = [".env.example", "docker-compose.yml"].map((name) =>
    readIfPresent(join(root, name)),
  );
  const known = new Set([...settings, ...texts.flatMap((text) => text?.match(/\b\w+\b/g) ?? [])]);
  return Object.keys(dotEnv)
    .filter((name) => !known.has(name))
    .map((name) => {
      const near = nearest(name, [...known].filter(isSettingName));
      return warning(
        `Unknown setting ${name} in .env. Typo?`,
        near === undefined ? undefined : `did you mean ${near}?`,
      );
    });
}

function isSettingName(word: string): boolean {
  return /^[A-Z][A-Z0-9_]+$/.test(word);
}

function readableByOthers(root: string): Finding[] {
  if (process.platform === "win32") return [];
  const stats = statSync(join(root, ".env"), { throwIfNoEntry: false });
  if (stats?.isFile() !== true || (stats.mode & 0o077) === 0) return [];
  return [warning("other users of this machine can read .env", "chmod 600 .env")];
}
