import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandResult, run } from "../../tooling/packed/commands.ts";
import { createArguments, packTarballs, type Tarballs } from "../../tooling/packed/pack.ts";

/** A temporary folder with the tarballs of both packages; `remove` deletes it. */
export interface Sandbox {
  readonly folder: string;
  readonly tarballs: Tarballs;
  remove(): Promise<void>;
}

export async function createSandbox(): Promise<Sandbox> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "create-grpc-service-e2e-")));
  return {
    folder,
    tarballs: await packTarballs(folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** `npm create grpc-service` through the tarball; returns what it printed. */
export function create(place: Sandbox, args: readonly string[]): Promise<CommandResult> {
  return run("npm", createArguments(place.tarballs, args), { cwd: place.folder });
}

/** The warnings that npm printed. */
export function warnings({ stdout, stderr }: CommandResult): string[] {
  return `${stdout}\n${stderr}`
    .split("\n")
    .filter((line) => /\bwarn\b|deprecated|EBADENGINE/i.test(line))
    .filter((line) => !/Unknown (user|env|global) config/.test(line));
}
