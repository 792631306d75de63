import type { Node } from "jsonc-parser";
import { parseJson } from "../../json.ts";
import { JsonEdit, type NewProperty } from "../../json-edit.ts";
import { jsonProblem } from "../../json-problem.ts";
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
 * Merges a package.json key by key. What we wrote becomes the new version's, what the user wrote stays, and so
 * does every byte of the keys that do not change.
 *
 * @throws UsageError if the user's is not a JSON object
 */
export function mergeManifest({ ours, base, theirs }: Texts, rules: ManifestRules): MergedManifest {
  if (!isObject(parseJson(ours))) throw new UsageError(jsonProblem(ours, "package.json"));
  const mark = ours.startsWith("\uFEFF") ? "\uFEFF" : "";
  const edit = new JsonEdit(ours.slice(mark.length));
  const merge = new ManifestMerge(edit, rules);
  if (edit.root !== undefined) merge.mergeObjects([], edit.root, parse(base), parse(theirs));
  return { text: mark + edit.apply(), notes: merge.notes };
}

class ManifestMerge {
  readonly #edit: JsonEdit;
  readonly #rules: ManifestRules;
  readonly notes: string[] = [];

  constructor(edit: JsonEdit, rules: ManifestRules) {
    this.#edit = edit;
    this.#rules = rules;
  }

  mergeObjects(path: readonly string[], ours: Node, base: Json, theirs: Json): void {
    const properties = (ours.children ?? []).map((node) => ({ node, key: keyOf(node) }));
    const keys = properties.map(({ key }) => key);
    const gone = new Set<string>();
    for (const [index, { key, node }] of properties.entries()) {
      // Of two equal keys, the last one counts.
      const value = node.children?.[1];
      if (value === undefined || keys.lastIndexOf(key) !== index) continue;
      const keeps = this.#mergeValue([...path, key], value, get(base, key), get(theirs, key));
      if (!keeps) gone.add(key);
    }
    const kept = properties.filter(({ key }) => !gone.has(key));
    // A key that the user removed stays removed.
    const added = Object.keys(theirs).filter((key) => !keys.includes(key) && !has(base, key));
    if (gone.size + added.length > 0) {
      this.#edit.arrange(ours, insertKeys(kept, added, theirs, path));
    }
  }

  /** Returns whether the key stays. */
  #mergeValue(path: readonly string[], node: Node, base: unknown, theirs: unknown): boolean {
    if (same(base, theirs)) return true;
    if (node.type === "object" && isObject(base) && isObject(theirs)) {
      this.mergeObjects(path, node, base, theirs);
      return true;
    }
    if (isObject(base) && isObject(theirs)) {
      throw new UsageError(`package.json: ${path.join(".")} must be an object`);
    }
    const ours = this.#edit.valueOf(node);
    const [section = "", name = ""] = path;
    const isDependency = path.length === 2 && /ependencies$/.test(section);
    const isOwn = isDependency && this.#rules.own.includes(name) && isMovable(ours);
    if (isOwn && theirs === undefined) return true;
    if (!isOwn && !same(ours, base)) {
      if (theirs !== undefined && !same(ours, theirs)) {
        this.notes.push(
          `package.json keeps your ${path.join(".")}; this version has ${shown(theirs)}`,
        );
      }
      return true;
    }
    if (theirs === undefined && isDependency && this.#rules.isUsed(name)) {
      this.notes.push(
        `package.json keeps ${name}, which your code imports; this version does not need it`,
      );
      return true;
    }
    if (theirs !== undefined && !same(ours, theirs)) this.#edit.replace(node, theirs);
    return theirs !== undefined;
  }
}

interface Property {
  readonly key: string;
  readonly node: Node;
}

/** Inserts each new key behind the key that it follows in the new version; dependencies by their names. */
function insertKeys(
  kept: readonly Property[],
  added: readonly string[],
  theirs: Json,
  path: readonly string[],
): NewProperty[] {
  const result: (NewProperty & { readonly name: string })[] = kept.map(({ key, node }) => ({
    name: key,
    kept: node,
  }));
  const order = Object.keys(theirs);
  for (const key of added) {
    const before = order.slice(0, order.indexOf(key)).reverse();
    const isDependency = path.length === 1 && /ependencies$/.test(path[0] ?? "");
    const next = result.findIndex(({ name }) => name > key);
    const previous = before.map((other) => result.findLastIndex(({ name }) => name === other));
    const follows = previous.find((index) => index >= 0) ?? result.length - 1;
    const at = isDependency ? (next < 0 ? result.length : next) : follows + 1;
    result.splice(at, 0, { name: key, key, value: theirs[key] });
  }
  return result;
}

/** Whether a specifier is a version or a tarball that we copied: not a folder, link or repository. */
function isMovable(specifier: unknown): boolean {
  return typeof specifier === "string" && /^(?:file:vendor\/|[\^~>=v]*\d)/.test(specifier);
}

function keyOf(property: Node): string {
  return String(property.children?.[0]?.value);
}

function parse(text: string): Json {
  const value = parseJson(text);
  return isObject(value) ? value : {};
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
