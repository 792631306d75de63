import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../packed/commands.ts";
import { cacheFolder } from "./cache.ts";

/**
 * Unpacks a published package (`name@version`) into the cache and returns its folder. Neither its
 * dependencies nor its scripts come along: what we want of it is data, or works by itself.
 */
export async function unpack(specifier: string): Promise<string> {
  const packages = join(cacheFolder, "packages");
  const folder = join(packages, specifier.replaceAll("/", "+"));
  if (existsSync(folder)) return folder;
  await mkdir(packages, { recursive: true });
  const staging = await mkdtemp(join(packages, "unpacking-"));
  try {
    const packed = await run(
      "npm",
      ["pack", specifier, "--json", "--ignore-scripts", "--pack-destination", staging],
      { cwd: staging },
    );
    const [report]: { readonly filename: string }[] = JSON.parse(packed.stdout);
    if (report === undefined) throw new Error(`npm packed nothing for ${specifier}`);
    const content = join(staging, "content");
    await mkdir(content);
    const tarball = join(staging, report.filename);
    await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", content], { cwd: staging });
    await rename(content, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}
