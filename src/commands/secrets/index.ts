import { randomBytes } from "node:crypto";
import { basename, join } from "node:path";
import { parseEnv } from "node:util";
import { withProjectLock } from "../../scaffold/disk/project-lock.ts";
import type { Host } from "../../terminal/host.ts";
import { findProject, type Project } from "../project/find-project.ts";
import { checkFile, writePrivateFile } from "../project/private-file.ts";
import { readIfPresent, type Variables } from "../project/variables.ts";
import { withValue } from "./with-value.ts";

/**
 * Creates `.env` from `.env.example`, or completes the existing one: gives a random value to every secret
 * that has none. These are the variables that docker-compose.yml requires, and the key that signs tokens
 * unless a key set is used. With such a key production requires the issuer and the audience of the tokens
 * too: both are the project's name. Existing values stay.
 */
export async function secrets(_input: unknown, host: Host): Promise<number> {
  const project = findProject(host.cwd);
  const run = () => completeSecrets(project, host);
  return withProjectLock(project.root, "grpc-service secrets", host, run);
}

async function completeSecrets(
  { root, manifest }: Project,
  host: Pick<Host, "print">,
): Promise<number> {
  const read = (path: string) => readIfPresent(join(root, path));
  checkFile(root, ".env");
  const present = read(".env");
  const example = read(".env.example") ?? "";
  const text = present ?? example;
  const env = parseEnv(text);
  const values = new Map([
    ...missingSecrets(env, read("docker-compose.yml") ?? "").map(newSecret),
    ...missingParties(env, `${example}\n${text}`, manifest.name ?? basename(root)),
  ]);
  if (present !== undefined && values.size === 0) {
    host.print(".env has a value for every secret\n");
    return 0;
  }
  const completed = [...values].reduce((all, [name, value]) => withValue(all, name, value), text);
  writePrivateFile(root, ".env", completed);
  const done = present === undefined ? "created .env" : "completed .env";
  const names = [...values.keys()].join(", ");
  host.print(names === "" ? `${done}\n` : `${done}: new ${names}\n`);
  return 0;
}

function missingSecrets(env: Variables, compose: string): string[] {
  const required = [...compose.matchAll(/\$\{(\w+):\?/g)].flatMap(([, name]) => name ?? []);
  const names = env.AUTH_JWKS_URL ? required : ["AUTH_JWT_SECRET", ...required];
  return [...new Set(names)].filter((name) => !env[name]);
}

function newSecret(name: string): [name: string, value: string] {
  return [name, randomBytes(32).toString("hex")];
}

/** Issuer and audience of tokens with new values, if `.env` or `.env.example` lists them without one. */
function missingParties(
  env: Variables,
  listed: string,
  project: string,
): [name: string, value: string][] {
  if (env.AUTH_JWKS_URL) return []; // the identity provider decides
  // A folder may have any name. Quotes and comments mean something in .env.
  const value = project.replace(/[^\w@/.-]+/g, "-");
  return ["AUTH_ISSUER", "AUTH_AUDIENCE"]
    .filter((name) => new RegExp(`\\b${name}=`).test(listed) && !env[name])
    .map((name) => [name, value]);
}
