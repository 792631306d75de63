import type { ServiceModel } from "../../plugin/model.ts";
import { UsageError } from "../../terminal/errors.ts";

type Files = ReadonlyMap<string, Uint8Array>;

/** Files of proto/ that came from the source of the protos and are not there any more. */
export interface GoneProtos {
  /** Old path -> path of the file that has its types now. */
  readonly moved: ReadonlyMap<string, string>;
  /** Without a successor. They stay until the user removes them. */
  readonly left: readonly string[];
}

/** What {@link findGone} compares. */
export interface GoneSearch {
  /** Files of proto/ that an earlier run has copied from the source. */
  readonly copied: ReadonlySet<string>;
  readonly present: Files;
  readonly given: Files;
  readonly mayReplace: (path: string, present: Uint8Array | undefined) => boolean;
}

/** @throws UsageError for a file that has moved at the source and was changed here */
export function findGone({ copied, present, given, mayReplace }: GoneSearch): GoneProtos {
  const gone = [...present].filter(([path]) => copied.has(path) && !given.has(path));
  const moved = new Map<string, string>();
  for (const [path, content] of gone) {
    const names = declared(content);
    const successor = [...given].find(([to, text]) => !present.has(to) && shares(names, text));
    if (successor === undefined) continue;
    const [to] = successor;
    moved.set(path, to);
    if (mayReplace(path, content)) continue;
    throw new UsageError(
      `proto/${path} was changed here, and is proto/${to} at the source now; --force takes that`,
    );
  }
  return { moved, left: gone.map(([path]) => path).filter((path) => !moved.has(path)) };
}

function shares(names: ReadonlySet<string>, content: Uint8Array): boolean {
  return [...declared(content)].some((name) => names.has(name));
}

/** Full names of what a proto declares. */
function declared(content: Uint8Array): Set<string> {
  const text = Buffer.from(content)
    .toString("utf8")
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  const name = /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1] ?? "";
  const types = text.matchAll(/\b(?:message|enum|service)\s+(\w+)\s*\{/g);
  return new Set([...types].map(([, type]) => `${name}.${type}`));
}

/** A file that is gone, with what depends on it. */
export function goneText(
  path: string,
  services: readonly ServiceModel[],
  importers: readonly string[],
): string {
  const served = services
    .filter(({ sourceFile }) => sourceFile === path)
    .map(({ typeName }) => `your code serves ${typeName}`);
  const needed = importers.map((importer) => `proto/${importer} imports it`);
  const all = [...served, ...needed].join("; ");
  return `proto/${path}: ${all === "" ? "nothing depends on it" : all}`;
}
