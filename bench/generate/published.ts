import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageManifest, packageRoot } from "../../src/package-root.ts";
import { download } from "../../tooling/corpus/packages.ts";
import { run } from "../../tooling/packed/commands.ts";
import { packTarballs } from "../../tooling/packed/pack.ts";
import { installPeers } from "./peers.ts";
import type { PublishedPackage } from "./registry.ts";

interface LockedPackage {
  readonly version: string;
  readonly [field: string]: unknown;
}

/** Ours, what it depends on and that alone, and create-vite, as a registry has them. */
export async function published(folder: string): Promise<PublishedPackage[]> {
  const { tool } = await packTarballs(folder);
  const vite = await manifestOf((await installPeers())("create-vite"));
  return [
    { ...(await manifestOf(packageRoot())), tarball: tool.path },
    { ...vite, tarball: await download(`${vite.name}@${vite.version}`) },
    await compilerAlone(folder),
    ...(await compilers()),
  ];
}

/** A command that does nothing, and depends on what ours does: the least that ours can take. */
async function compilerAlone(folder: string): Promise<PublishedPackage> {
  const name = "create-nothing";
  const manifest = {
    name,
    version: "1.0.0",
    bin: { [name]: "bin.js" },
    dependencies: packageManifest().dependencies,
  };
  const source = join(folder, name);
  await mkdir(source);
  await writeFile(join(source, "package.json"), JSON.stringify(manifest));
  await writeFile(join(source, "bin.js"), "#!/usr/bin/env node\n");
  await run("npm", ["pack", "--pack-destination", folder], { cwd: source });
  return { name, version: "1.0.0", manifest, tarball: join(folder, `${name}-1.0.0.tgz`) };
}

/** buf and its platform packages: all are known, only this machine's can be installed. */
async function compilers(): Promise<PublishedPackage[]> {
  const text = await readFile(join(packageRoot(), "package-lock.json"), "utf8");
  const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(text);
  const locked = Object.entries(lock.packages).filter(([path]) => {
    return /^node_modules\/@bufbuild\/buf(-|$)/.test(path);
  });
  return Promise.all(
    locked.map(async ([path, { version, ...manifest }]) => {
      const name = path.slice("node_modules/".length);
      const known = { name, version, manifest };
      if (!existsSync(join(packageRoot(), path))) return known;
      return { ...known, tarball: await download(`${name}@${version}`) };
    }),
  );
}

async function manifestOf(folder: string): Promise<PublishedPackage> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return { name: manifest.name, version: manifest.version, manifest };
}
