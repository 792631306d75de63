import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../packed/commands.ts";
import { cacheFolder } from "./cache.ts";

/**
 * Unpacks a published package (`name@version`) into the cache and returns its folder, without its
 * dependencies and without running its scripts.
 */
export async function unpack(specifier: string): Promise<string> {
  return cached("packages", specifier, async (staging) => {
    const content = join(staging, "content");
    await mkdir(content);
    const tarball = await download(specifier);
    await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", content], { cwd: staging });
    return content;
  });
}

/** Fetches the tarball of a published package into the cache and returns its path. */
export async function download(specifier: string): Promise<string> {
  return cached("tarballs", specifier, async (staging) => {
    const flags = ["--json", "--ignore-scripts", "--pack-destination", staging];
    const { stdout } = await run("npm", ["pack", specifier, ...flags], { cwd: staging });
    const [report]: { readonly filename: string }[] = JSON.parse(stdout);
    if (report === undefined) throw new Error(`npm packed nothing for ${specifier}`);
    return join(staging, report.filename);
  });
}

/** What is cached for a package, made in a folder of its own and moved into place when complete. */
async function cached(
  kind: string,
  specifier: string,
  make: (staging: string) => Promise<string>,
): Promise<string> {
  const parent = join(cacheFolder, kind);
  const target = join(parent, specifier.replaceAll("/", "+"));
  if (existsSync(target)) return target;
  await mkdir(parent, { recursive: true });
  const staging = await mkdtemp(join(parent, "staging-"));
  try {
    await rename(await make(staging), target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return target;
}
