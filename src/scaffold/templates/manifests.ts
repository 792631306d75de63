import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson, property } from "../../json.ts";
import type { Wiring } from "./wiring.ts";

/** What the folder of a starter or an addition says about itself in its manifest.json. */
export interface Manifest {
  /** Name of the folder: `--starter <name>` or `--<name>`. */
  readonly name: string;
  /** Name in prompts. */
  readonly title: string;
  /** One line for --help. */
  readonly description: string;
  /** Starter: the one that `--yes` takes. Addition: present unless `--no-<name>` is given. */
  readonly isDefault: boolean;
}

/** The starters and additions that exist: no code knows them by name. */
export interface Catalog {
  readonly starters: readonly Manifest[];
  readonly additions: readonly Manifest[];
}

/** Name of the file; it is not part of a project. */
export const manifestFile = "manifest.json";

/** @throws Error for a folder without a manifest, or with an incomplete one */
export function readCatalog(packageRoot: string): Catalog {
  const read = (kind: string): Manifest[] => {
    const folder = join(packageRoot, "templates", kind);
    const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return names.sort().map((name) => readManifest(join(folder, name), name));
  };
  return { starters: read("starters"), additions: read("additions") };
}

/**
 * Paths that the files of a folder of templates/ replace; see `checkContributions` for what may
 * replace what.
 */
export function readReplaces(packageRoot: string, folder: string): ReadonlySet<string> {
  const manifest = readJson(join(packageRoot, "templates", folder, manifestFile));
  const replaces = property(manifest, "replaces");
  return new Set(Array.isArray(replaces) ? replaces.map(String) : []);
}

/** What a folder of templates/ adds to the files that it shares with others. */
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
  const isDefault = property(manifest, "default") === true;
  return { name, title: text("title"), description: text("description"), isDefault };
}

function readJson(path: string): unknown {
  return existsSync(path) ? parseJson(readFileSync(path, "utf8")) : undefined;
}
