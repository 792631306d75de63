import { lineEnding } from "../../line-endings.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Texts } from "./merge-text.ts";

/** A merged package.json. */
export interface MergedManifest {
  readonly text: string;
  /** One line for everything that is not as the new version has it. */
  readonly notes: readonly string[];
}

/** What `mergeManifest` asks about the project. */
export interface ManifestRules {
  /** Whether code of the user imports a package: then it stays. */
  isUsed(name: string): boolean;
  /** Packages that become the new version's, unless the user has them from a place of their own. */
  readonly own: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Merges a package.json key by key. What we wrote becomes the new version's, what the user wrote stays, and
 * no key of the user changes its place.
 *
 * @throws UsageError if the user's is not a JSON object
 */
export function mergeManifest({ ours, base, theirs }: Texts, rules: ManifestRules): MergedManifest {
  const present = parse(ours);
  if (present === undefined) throw new UsageError("package.json is not valid JSON");
  const notes: string[] = [];
  const merged = mergeObjects([], present, parse(base) ?? {}, parse(theirs) ?? {}, rules, notes);
  if (JSON.stringify(merged) === JSON.stringify(present)) return { text: ours, notes };
  const eol = lineEnding(ours);
  const text = JSON.stringify(merged, undefined, indentOf(ours)).replaceAll("\n", eol);
  return { text: text + (/\n$/.test(ours) ? eol : ""), notes };
}

function mergeObjects(
  path: readonly string[],
  ours: Json,
  base: Json,
  theirs: Json,
  rules: ManifestRules,
  notes: string[],
): Json {
  const kept = Object.entries(ours).flatMap(([key, value]): [string, unknown][] => {
    const [before, after] = [get(base, key), get(theirs, key)];
    const merged = mergeValue([...path, key], value, before, after, rules, notes);
    return merged === undefined ? [] : [[key, merged]];
  });
  // A key that the user removed stays removed.
  const added = Object.keys(theirs).filter((key) => !has(ours, key) && !has(base, key));
  return Object.fromEntries(insertKeys(kept, added, theirs, path));
}

/** Undefined: the key goes. */
function mergeValue(
  path: readonly string[],
  ours: unknown,
  base: unknown,
  theirs: unknown,
  rules: ManifestRules,
  notes: string[],
): unknown {
  if (same(base, theirs)) return ours;
  if (isObject(ours) && isObject(base) && isObject(theirs)) {
    return mergeObjects(path, ours, base, theirs, rules, notes);
  }
  const [section = "", name = ""] = path;
  const isDependency = path.length === 2 && /ependencies$/.test(section);
  if (isDependency && rules.own.includes(name) && isMovable(ours)) return theirs ?? ours;
  if (!same(ours, base)) {
    if (theirs !== undefined && !same(ours, theirs)) {
      notes.push(`package.json keeps your ${path.join(".")}; this version has ${shown(theirs)}`);
    }
    return ours;
  }
  if (theirs === undefined && isDependency && rules.isUsed(name)) {
    notes.push(
      `package.json keeps ${name}, which your code imports; this version does not need it`,
    );
    return ours;
  }
  return theirs;
}

/** Inserts each new key behind the key that it follows in the new version; dependencies by their names. */
function insertKeys(
  kept: readonly [string, unknown][],
  added: readonly string[],
  theirs: Json,
  path: readonly string[],
): [string, unknown][] {
  const result = [...kept];
  const order = Object.keys(theirs);
  for (const key of added) {
    const before = order.slice(0, order.indexOf(key)).reverse();
    const isDependency = path.length === 1 && /ependencies$/.test(path[0] ?? "");
    const next = result.findIndex(([other]) => other > key);
    const previous = before.flatMap((name) => result.findIndex(([other]) => other === name));
    const follows = previous.find((index) => index >= 0) ?? result.length - 1;
    const at = isDependency ? (next < 0 ? result.length : next) : follows + 1;
    result.splice(at, 0, [key, theirs[key]]);
  }
  return result;
}

/** Whether a specifier is a version or a tarball that we copied: not a folder, link or repository. */
function isMovable(specifier: unknown): boolean {
  return typeof specifier === "string" && /^(?:file:vendor\/|[\^~>=v]*\d)/.test(specifier);
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own keys only: `__proto__` may be one. */
function get(object: Json, key: string): unknown {
  return has(object, key) ? object[key] : undefined;
}

function has(object: Json, key: string): boolean {
  return Object.hasOwn(object, key);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function indentOf(text: string): string {
  return /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
}
