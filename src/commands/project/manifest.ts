import { lstatSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseJson, property } from "../../json.ts";
import { errorCode } from "../../terminal/errors.ts";

/** The parts of a package.json that the commands read. */
export interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** The range of Node.js versions that it requires. */
  readonly node: string | undefined;
  /** The package manager of the project: npm unless package.json names another one. */
  readonly packageManager: string;
  /** What it depends on, development included: name -> range. */
  readonly dependencies: ReadonlyMap<string, string>;
}

/** Reads the text of a package.json; undefined when it is not a JSON object. */
export function parseManifest(text: string): Manifest | undefined {
  const json = parseJson(text);
  if (typeof json !== "object" || json === null) return undefined;
  return {
    name: stringOf(property(json, "name")),
    version: stringOf(property(json, "version")),
    node: stringOf(property(property(json, "engines"), "node")),
    packageManager: stringOf(property(json, "packageManager"))?.replace(/@.*/, "") ?? "npm",
    dependencies: new Map(
      ["dependencies", "devDependencies"].flatMap((key) => rangesOf(property(json, key))),
    ),
  };
}

/** A package as it is installed. */
export type InstalledPackage =
  | { readonly state: "missing" }
  | { readonly state: "broken"; readonly folder: string; readonly reason: string }
  | { readonly state: "installed"; readonly folder: string; readonly version: string };

/** Finds the package that `root` would import. */
export function findPackage(root: string, name: string): InstalledPackage {
  for (let above = root; ; above = dirname(above)) {
    const folder = join(above, "node_modules", name);
    if (exists(folder)) return inspectPackage(folder);
    if (above === dirname(above)) return { state: "missing" };
  }
}

/** How a script of package.json is run, such as `npm run generate`. */
export function scriptCommand({ packageManager }: Manifest, script: string): string {
  return `${packageManager} run ${script}`;
}

/** How to install what package.json requires. A folder of a broken package has to go first. */
export function installCommand(packageManager: string, broken?: string): string {
  const install = `${packageManager} install`;
  return broken === undefined ? install : `delete ${broken}, then ${install}`;
}

function inspectPackage(folder: string): InstalledPackage {
  const broken = (reason: string) => ({ state: "broken", folder, reason }) as const;
  let text: string;
  try {
    text = readFileSync(join(folder, "package.json"), "utf8");
  } catch {
    return broken("its package.json cannot be read");
  }
  const manifest = parseManifest(text);
  if (manifest === undefined) return broken("its package.json is not valid JSON");
  const { version } = manifest;
  return version === undefined
    ? broken("its package.json has no version")
    : { state: "installed", folder, version };
}

/** A link that leads nowhere exists too: the package is broken then. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (errorCode(error) === "ENOTDIR") return false;
    throw error;
  }
}

function rangesOf(dependencies: unknown): [name: string, range: string][] {
  if (typeof dependencies !== "object" || dependencies === null) return [];
  return Object.entries(dependencies).flatMap(([name, range]): [string, string][] =>
    typeof range === "string" ? [[name, range]] : [],
  );
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
