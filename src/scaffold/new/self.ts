import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../errors.ts";
import { parseJson, property } from "../json.ts";
import { printable } from "../printable.ts";
import type { PackageManagerName } from "../templates/package-managers.ts";

const packageName = "create-grpc-service";

/** Where this copy of create-grpc-service runs from. */
export interface Origin {
  /** Folder with our package.json; symbolic links resolved. */
  readonly packageRoot: string;
  readonly version: string;
  /** Who will read the specifier. */
  readonly packageManager: PackageManagerName;
}

/**
 * What the emitted package.json must say for create-grpc-service to get the copy that runs now:
 * the exact version when it came from a registry (generated code is stamped with it), `file:` and
 * an absolute path when it came from a tarball or runs in a checkout.
 */
export async function selfSpecifier({
  packageRoot,
  version,
  packageManager,
}: Origin): Promise<string> {
  const installs = installFolders(packageRoot);
  if (installs.length === 0) return pathSpecifier(packageRoot, packageManager);
  for (const folder of installs) {
    for (const specifier of await recordedSpecifiers(folder)) {
      const found = await localOrRemote(specifier, folder);
      if (found !== undefined) return found;
    }
  }
  return version;
}

/**
 * Checks `--self`: a path to a tarball or checkout is made absolute, `file:`, `https:`, `git` and
 * versions are written as they are.
 */
export async function givenSpecifier(
  value: string,
  cwd: string,
  packageManager: PackageManagerName,
): Promise<string> {
  if (/[\s"'`$;&|<>\\]/.test(value) || printable(value) !== value) {
    throw new UsageError(`--self "${printable(value)}" is not a version, a path or a URL`);
  }
  if (/^(?:file:|link:|portal:|workspace:|https?:|git[+:]|github:|npm:)/.test(value)) return value;
  const path = resolve(cwd, value);
  if (await exists(path)) return pathSpecifier(path, packageManager);
  if (isAbsolute(value) || value.startsWith(".") || value.endsWith(".tgz")) {
    throw new UsageError(`--self ${value}: no such file or folder`);
  }
  return value;
}

/** True for an absolute path, which no other machine has. */
export function isOnThisMachineOnly(specifier: string): boolean {
  return /^(?:file|link|portal):(?:[/\\~]|[A-Za-z]:)/.test(specifier);
}

/** yarn packs a folder given as `file:` with all that lies in it, node_modules too; npm links it. */
async function pathSpecifier(path: string, packageManager: PackageManagerName): Promise<string> {
  const isFolder = (await stat(path)).isDirectory();
  return `${isFolder && packageManager === "yarn" ? "portal" : "file"}:${path}`;
}

/** The folders whose node_modules we lie in, the innermost first. */
function installFolders(packageRoot: string): string[] {
  const folders: string[] = [];
  const marker = `${sep}node_modules${sep}`;
  for (let end = packageRoot.lastIndexOf(marker); end >= 0; ) {
    folders.push(packageRoot.slice(0, end) || sep);
    end = end === 0 ? -1 : packageRoot.lastIndexOf(marker, end - 1);
  }
  return folders;
}

/** What the package managers wrote down when they installed us into `folder`. */
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

/** A specifier that names one copy and no registry; undefined when the version says it better. */
async function localOrRemote(specifier: string, folder: string): Promise<string | undefined> {
  if (specifier.startsWith("file:") || specifier.startsWith("link:")) {
    const path = localPath(specifier, folder);
    return (await exists(path)) ? `file:${path}` : undefined;
  }
  if (/^(?:git[+:]|github:)/.test(specifier)) return specifier;
  // A registry's tarball is <registry>/<name>/-/<name>-<version>.tgz.
  if (/^https?:/.test(specifier) && !specifier.includes("/-/")) return specifier;
  return undefined;
}

/** `file:../x.tgz`, `file:/x.tgz`, `file:///x.tgz`, and with yarn's `#...::hash=...` behind it. */
function localPath(specifier: string, folder: string): string {
  if (specifier.startsWith("file:///")) return fileURLToPath(specifier);
  const path = specifier.replace(/^(?:file|link):/, "").replace(/(?:#|::).*$/, "");
  return resolve(folder, path);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function readJson(path: string): Promise<unknown> {
  return parseJson(await readFile(path, "utf8").catch(() => ""));
}
