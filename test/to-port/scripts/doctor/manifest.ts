import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The parts of a package.json that the checks read. */
export interface Manifest {
  readonly version?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly packageManager?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** The package that `root` would import: its folder and package.json; undefined when there is none. */
export function findPackage(
  root: string,
  name: string,
): { readonly folder: string; readonly manifest: Manifest } | undefined {
  for (let above = root; ; above = dirname(above)) {
    const folder = join(above, "node_modules", name);
    try {
      return { folder, manifest: readManifest(folder) };
    } catch {
      if (above === dirname(above)) return undefined;
    }
  }
}

/** The package manager that this project is for: npm, unless package.json says otherwise. */
export function packageManagerOf({ packageManager = "npm" }: Manifest): string {
  return packageManager.replace(/@.*/, "");
}

/** How a script of package.json is run: `npm run generate`. */
export function scriptCommand(manifest: Manifest, script: string): string {
  return `${packageManagerOf(manifest)} run ${script}`;
}
