import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { loadClientConfig } from "../../src/client/config.ts";
import { describeConfig } from "../../src/config/describe.ts";
import { ConfigError } from "../../src/config/env-reader.ts";
import { loadConfig } from "../../src/config.ts";
import { type Finding, failure, ok, warning } from "./check.ts";

/** The variables that a server started in `root` would see: those that are set win over .env. */
export function readVariables(root: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...readDotEnv(root), ...env };
}

/** The settings of server and client: accepted, spelt as they should be, readable by nobody else. */
export function checkSettings(root: string, variables: NodeJS.ProcessEnv): Finding[] {
  const problems = new Set([
    ...problemsOf(() => loadConfig(variables)),
    ...problemsOf(() => loadClientConfig(variables)),
  ]);
  const findings = [
    ...[...problems].map((problem) => failure(problem, "see .env.example")),
    ...unknownNames(root),
    ...readableByOthers(root),
  ];
  if (findings.length > 0) return findings;
  return [ok(`accepted; ${sources(root, variables)}`)];
}

/** Where the settings come from, for whoever wonders why they are as they are. */
function sources(root: string, variables: NodeJS.ProcessEnv): string {
  const dotEnv = readDotEnv(root);
  const set = describeConfig()
    .map(({ name }) => name)
    .filter((name) => variables[name] && variables[name] !== dotEnv[name]);
  const file = existsSync(join(root, ".env"));
  if (set.length === 0) return file ? "all from .env" : "the defaults: there is no .env";
  const names = `${set.join(", ")} from the environment`;
  return file ? `${names}, the rest from .env` : `${names}; there is no .env`;
}

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** A misspelt variable is read by nobody, and nobody says so. */
function unknownNames(root: string): Finding[] {
  const known = [".env.example", "docker-compose.yml"]
    .map((name) => join(root, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  return Object.keys(readDotEnv(root))
    .filter((name) => !new RegExp(`\\b${name}\\b`).test(known))
    .map((name) => warning(`${name} in .env is in no line of .env.example: misspelt?`));
}

function readableByOthers(root: string): Finding[] {
  const path = join(root, ".env");
  if (process.platform === "win32" || !existsSync(path)) return [];
  if ((statSync(path).mode & 0o077) === 0) return [];
  return [warning("others on this machine can read .env", "chmod 600 .env")];
}

function readDotEnv(root: string): NodeJS.Dict<string> {
  const path = join(root, ".env");
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}
