import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson, property } from "../../json.ts";
import type { Wiring } from "./wiring.ts";

/** The manifest.json of a starter or an addition. */
export interface Manifest {
  /** Name of the folder: `--starter <name>` or `--<name>`. */
  readonly name: string;
  /** Name in prompts. */
  readonly title: string;
  /** One line for --help. */
  readonly description: string;
  /** Starter: used by `--yes`. Addition: included unless `--no-<name>` is given. */
  readonly isDefault: boolean;
  /** Starter: additions that it includes unless `--no-<name>` is given. */
  readonly additions: readonly string[];
  /** Starter: those of them that it cannot do without. */
  readonly requires: readonly string[];
}

/** The existing starters and additions. No code knows them by name. */
export interface Catalog {
  readonly starters: readonly Manifest[];
  readonly additions: readonly Manifest[];
}

/** Name of the file. It is not copied into projects. */
export const manifestFile = "manifest.json";

/** @throws Error for a folder without a manifest, or with an incomplete one */
export function readCatalog(packageRoot: string): Catalog {
  const read = (kind: string): Manifest[] => {
    const names = foldersIn(packageRoot, kind);
    return names.map((name) => readManifest(join(packageRoot, "templates", kind, name), name));
  };
  return { starters: read("starters"), additions: read("additions") };
}

/** Names of the folders in a folder of templates/, sorted. None if it does not exist. */
export function foldersIn(packageRoot: string, folder: string): string[] {
  const path = join(packageRoot, "templates", folder);
  const entries = existsSync(path) ? readdirSync(path, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return names.sort();
}

/** The paths that a folder of templates/ declares as replaced, see `checkContributions`. */
export function readReplaces(packageRoot: string, folder: string): ReadonlySet<string> {
  const manifest = readJson(join(packageRoot, "templates", folder, manifestFile));
  const replaces = property(manifest, "replaces");
  return new Set(Array.isArray(replaces) ? replaces.map(String) : []);
}

/** A line of a folder of templates/ for whoever has just made a project with it. */
export function readNote(packageRoot: string, folder: string): string | undefined {
  const note = property(readJson(join(packageRoot, "templates", folder, manifestFile)), "note");
  return typeof note === "string" ? note : undefined;
}

/** What a folder of templates/ adds to shared files. */
export function readWiring(packageRoot: string, folder: string): Wiring {
  const path = join(packageRoot, "templates", folder, manifestFile);
  if (!existsSync(path)) return {};
  const { wiring = {} }: { wiring?: Wiring } = JSON.parse(readFileSync(path, "utf8"));
  return wiring;
}

function readManifest(folder: string, name: string): Manifest {
  const path = join(folder, manifestFile);
  const manifest = readJson(path);
  const text = (key: string): string => {
    const value = property(manifest, key);
    if (typeof value !== "string") throw new Error(`${path}: "${key}" is not a text`);
    return value;
  };
  const list = (key: string): string[] => {
    const value = property(manifest, key);
    return Array.isArray(value) ? value.map(String) : [];
  };
  const requires = list("requires");
  return {
    name,
    title: text("title"),
    description: text("description"),
    isDefault: property(manifest, "default") === true,
    additions: [...list("additions"), ...requires],
    requires,
  };
}

function readJson(path: string): unknown {
  return existsSync(path) ? parseJson(readFileSync(path, "utf8")) : undefined;
}
