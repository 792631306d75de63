import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { parseJson, property } from "../../../json.ts";
import { findPackage } from "../../project/manifest.ts";

/**
 * A file that an installed package names in its package.json and does not have: its main file or a
 * command. Of several alternatives, such as a module and CommonJS, one is enough.
 */
export function missingFile(folder: string): string | undefined {
  const json = readJson(folder);
  const exported = property(json, "exports");
  const entry = property(exported, ".") ?? exported ?? property(json, "main");
  for (const group of [paths(entry), paths(property(json, "bin"))]) {
    if (group.length > 0 && !group.some((path) => isThere(folder, path))) return group[0];
  }
  return undefined;
}

/** A package and what it needs on this platform: one of `wanted`. */
export interface PlatformNeed {
  readonly name: string;
  readonly wanted: readonly string[];
}

/**
 * The packages among `required`, and among those that they depend on, without their package for this
 * platform. Such packages are optional dependencies, one per platform, so package managers do not complain.
 */
export function missingPlatformPackages(root: string, required: Iterable<string>): PlatformNeed[] {
  const seen = new Set<string>();
  const visit = (from: string, name: string): PlatformNeed[] => {
    const found = findPackage(from, name);
    if (found.state !== "installed") return [];
    const folder = realpathSync(found.folder); // a link, with pnpm and in workspaces
    if (seen.has(folder)) return [];
    seen.add(folder);
    const json = readJson(folder);
    const wanted = names(json, "optionalDependencies").filter(isForThisPlatform);
    const complete = wanted.some((native) => findPackage(folder, native).state === "installed");
    return [
      ...(wanted.length === 0 || complete ? [] : [{ name, wanted }]),
      ...names(json, "dependencies").flatMap((dependency) => visit(folder, dependency)),
    ];
  };
  return [...required].flatMap((name) => visit(root, name));
}

/** By the naming of esbuild and others: `<name>-<platform>-<arch>`, then perhaps the C library. */
function isForThisPlatform(name: string): boolean {
  const { platform, arch } = process;
  const architectures: Readonly<Record<string, string>> = {
    arm64: "arm64|aarch64",
    arm: "arm\\w*",
  };
  return new RegExp(`\\b${platform}-(?:${architectures[arch] ?? arch})(?:-\\w+)*$`).test(name);
}

/** Every path in a value of `exports`, `main` or `bin`, without types and patterns. */
function paths(value: unknown): string[] {
  if (typeof value === "string") return value === "" || value.includes("*") ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(paths);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key.startsWith("types") || key.startsWith("./") ? [] : paths(inner),
  );
}

/** `main` may leave out the extension, or name a folder. */
function isThere(folder: string, path: string): boolean {
  const endings = ["", ".js", ".cjs", ".mjs", ".json", ".node"];
  return endings.some((ending) => existsSync(join(folder, `${path}${ending}`)));
}

function readJson(folder: string): unknown {
  try {
    return parseJson(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return undefined;
  }
}

function names(json: unknown, field: string): string[] {
  const value = property(json, field);
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
