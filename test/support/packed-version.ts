import { cp, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { precompileTemplates } from "../../scripts/build/precompile-templates.ts";
import { packageRoot } from "../../src/package-root.ts";
import { run } from "../../tooling/packed/commands.ts";
import { otherVersion, type Patches, withVersion } from "./other-version.ts";

/** Both packages, as another version of them. */
export interface PackedVersion {
  /** Absolute path of create-grpc-service-<version>.tgz. grpc-service-<version>.tgz is beside it. */
  readonly tarball: string;
  /** Folder with the commands of create-grpc-service, installed from the tarball. */
  readonly dist: string;
}

/**
 * Packs the built code of this checkout with another version and other templates, into a folder. Installs
 * create-grpc-service, without npm: it has the packages of this checkout.
 */
export async function packVersion(
  folder: string,
  version: string,
  patches: Patches,
): Promise<PackedVersion> {
  const root = packageRoot();
  const tool = await otherVersion(join(folder, `tool-${version}`), version, patches);
  await cp(join(root, "dist"), join(tool, "dist"), { recursive: true });
  await precompileTemplates(tool, join(tool, "dist"));
  const library = join(folder, `library-${version}`);
  await mkdir(library, { recursive: true });
  for (const part of ["dist", "src"]) {
    await cp(join(root, "runtime", part), join(library, part), { recursive: true });
  }
  const manifest = await readFile(join(root, "runtime/package.json"), "utf8");
  await writeFile(join(library, "package.json"), withVersion(manifest, version));
  await pack(library, folder);
  const tarball = await pack(tool, folder);
  return { tarball, dist: join(await install(tool, tarball, folder, version), "dist") };
}

/** Lays out what npm leaves: the package, its dependency, and where it came from. */
async function install(tool: string, tarball: string, folder: string, version: string) {
  const place = join(folder, `installed-${version}`);
  const modules = join(place, "node_modules");
  await mkdir(modules, { recursive: true });
  const dependencies = { "create-grpc-service": `file:${tarball}` };
  await writeFile(join(place, "package.json"), JSON.stringify({ dependencies }));
  const packages = join(packageRoot(), "node_modules/@bufbuild");
  await symlink(packages, join(modules, "@bufbuild"), "junction");
  const installed = join(modules, "create-grpc-service");
  await rename(tool, installed);
  return installed;
}

async function pack(cwd: string, folder: string): Promise<string> {
  const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd });
  return join(folder, stdout.trim());
}
