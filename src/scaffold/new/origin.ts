import { readFile, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson, property } from "../../json.ts";

const packageName = "create-grpc-service";

/** Where the running copy of create-grpc-service was installed from. */
export type Origin =
  | { readonly kind: "registry" }
  /** A git or https specifier. */
  | { readonly kind: "remote"; readonly specifier: string }
  | { readonly kind: "tarball"; readonly path: string }
  /** A tarball or folder that has been moved or removed since. */
  | { readonly kind: "gone"; readonly path: string }
  /** A clone of the repository, or a link to one. */
  | { readonly kind: "checkout" };

/** Finds the origin from what the package manager recorded at install. */
export async function findOrigin(packageRoot: string): Promise<Origin> {
  const installs = installFolders(packageRoot);
  if (installs.length === 0) return { kind: "checkout" };
  let gone: Origin | undefined;
  for (const folder of installs) {
    for (const specifier of await recordedSpecifiers(folder)) {
      const origin = await originOf(specifier, folder);
      if (origin?.kind === "gone") gone ??= origin;
      else if (origin !== undefined) return origin;
    }
  }
  return gone ?? { kind: "registry" };
}

/** The folders whose node_modules contain this package, innermost first. */
function installFolders(packageRoot: string): string[] {
  const folders: string[] = [];
  const marker = `${sep}node_modules${sep}`;
  for (let end = packageRoot.lastIndexOf(marker); end >= 0; ) {
    folders.push(packageRoot.slice(0, end) || sep);
    end = end === 0 ? -1 : packageRoot.lastIndexOf(marker, end - 1);
  }
  return folders;
}

/** The specifiers that package managers recorded when they installed this package into `folder`. */
async function recordedSpecifiers(folder: string): Promise<string[]> {
  const manifest = await readJson(join(folder, "package.json"));
  const lock = await readJson(join(folder, "node_modules", ".package-lock.json"));
  const locked = property(property(lock, "packages"), `node_modules/${packageName}`);
  return [
    property(property(manifest, "dependencies"), packageName),
    property(property(manifest, "devDependencies"), packageName),
    property(locked, "resolved"),
  ].filter((value) => typeof value === "string");
}

/** Undefined for a version, which has no information about the origin. */
async function originOf(specifier: string, folder: string): Promise<Origin | undefined> {
  if (specifier.startsWith("file:") || specifier.startsWith("link:")) {
    const path = localPath(specifier, folder);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return { kind: "gone", path };
    return found.isDirectory() ? { kind: "checkout" } : { kind: "tarball", path };
  }
  if (/^(?:git[+:]|github:)/.test(specifier)) return { kind: "remote", specifier };
  // Tarballs of a registry are <registry>/<name>/-/<name>-<version>.tgz.
  if (/^https?:/.test(specifier) && !specifier.includes("/-/")) {
    return { kind: "remote", specifier };
  }
  return undefined;
}

/** Path of `file:../x.tgz`, `file:/x.tgz` or `file:///x.tgz`, which may end with yarn's `#...::hash=...`. */
function localPath(specifier: string, folder: string): string {
  if (specifier.startsWith("file:///")) return fileURLToPath(specifier);
  const path = specifier.replace(/^(?:file|link):/, "").replace(/(?:#|::).*$/, "");
  return resolve(folder, path);
}

async function readJson(path: string): Promise<unknown> {
  return parseJson(await readFile(path, "utf8").catch(() => ""));
}
