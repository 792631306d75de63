import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseEnv } from "node:util";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";
import { readIfPresent, type Variables } from "../project/variables.ts";

/**
 * Creates `.env` from `.env.example`, or completes the existing one: gives a random value to every secret
 * that has none. These are the variables that docker-compose.yml requires, and the key that signs tokens
 * unless a key set is used. With a new key come the issuer and the audience of the tokens, which
 * production requires as well: both are the project's name. Existing values stay.
 */
export async function secrets(_input: unknown, host: Pick<Host, "cwd" | "print">): Promise<number> {
  const { root, manifest } = findProject(host.cwd);
  const read = (path: string) => readIfPresent(join(root, path));
  const present = read(".env");
  let text = present ?? read(".env.example") ?? "";
  const missing = missingSecrets(parseEnv(text), read("docker-compose.yml") ?? "");
  if (present !== undefined && missing.length === 0) {
    host.print(".env has a value for every secret\n");
    return 0;
  }
  for (const name of missing) text = withValue(text, name, randomBytes(32).toString("hex"));
  if (missing.includes(signingKey)) text = withParties(text, manifest.name ?? basename(root));
  writeFileSync(join(root, ".env"), text, { mode: 0o600 });
  const done = present === undefined ? "created .env" : "completed .env";
  host.print(missing.length === 0 ? `${done}\n` : `${done}: new ${missing.join(", ")}\n`);
  return 0;
}

const signingKey = "AUTH_JWT_SECRET";

/** Sets who signs the tokens and whom they are for, if the project lists these settings and they have no value. */
function withParties(text: string, project: string): string {
  const empty = ["AUTH_ISSUER", "AUTH_AUDIENCE"].filter((name) => parseEnv(text)[name] === "");
  return empty.reduce((completed, name) => withValue(completed, name, project), text);
}

function missingSecrets(env: Variables, compose: string): string[] {
  const required = [...compose.matchAll(/\$\{(\w+):\?/g)].flatMap(([, name]) => name ?? []);
  const names = env.AUTH_JWKS_URL ? required : [signingKey, ...required];
  return [...new Set(names)].filter((name) => !env[name]);
}

/** Sets a variable in its line, commented out or not, or in a new line at the end. */
function withValue(text: string, name: string, value: string): string {
  const line = new RegExp(`^(?:# *)?${name}=.*$`, "m");
  if (line.test(text)) return text.replace(line, `${name}=${value}`);
  return `${text && `${text.trimEnd()}\n`}${name}=${value}\n`;
}
