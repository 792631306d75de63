import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of this package's package.json, templates/ and dist/, for the sources and for the bundle. */
export function packageRoot(): string {
  // src/package-root.ts and dist/<chunk>.js both lie one level below the root.
  return dirname(dirname(fileURLToPath(import.meta.url)));
}

/**
 * True in the bundle, for which the build has compiled templates and starters (see scripts/build). False
 * in tests and scripts of a checkout, which run the sources.
 */
export const isBundled = !import.meta.url.endsWith(".ts");

/** The parts of package.json that we read at run time. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export function packageManifest(root = packageRoot()): PackageManifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}

export function packageVersion(): string {
  return packageManifest().version;
}
