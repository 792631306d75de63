import type { EcmaScriptPluginOptions } from "@bufbuild/protoplugin";

type ImportOptions = Pick<EcmaScriptPluginOptions, "rewriteImports" | "importExtension">;

/**
 * The path by which a generated file imports a module: the same as that of `GeneratedFile.import` (a test
 * compares them), which protoplugin computes only when it prints the statement.
 *
 * @param importer path of the generated file in the output
 * @returns takes a package, or a path relative to the output root with the extension `.js`
 */
export function importPaths(importer: string, options: ImportOptions): (from: string) => string {
  const rewrites = options.rewriteImports.map(({ pattern, target }) => {
    return { pattern: toRegExp(pattern), target };
  });
  const directory = segmentsOf(importer).slice(0, -1);
  return (from) => {
    const target = rewrites.find(({ pattern }) => pattern.test(from))?.target;
    const path = withExtension(rewritten(from, target), options.importExtension);
    return isRelative(path) ? relativePath(directory, segmentsOf(path)) : path;
  };
}

/** The target of a rewrite replaces a package, or becomes the directory of a file. */
function rewritten(from: string, target: string | undefined): string {
  if (target === undefined) return from;
  return isRelative(from) ? target.replace(/\/$/, "") + from.replace(relativeStart, "/") : target;
}

function withExtension(path: string, extension: ImportOptions["importExtension"]): string {
  if (!isRelative(path) || !path.endsWith(".js")) return path;
  return path.slice(0, -".js".length) + (extension === "none" ? "" : `.${extension}`);
}

/** From a directory to a file, both by their segments from the output root. */
function relativePath(directory: readonly string[], file: readonly string[]): string {
  let shared = 0;
  while (shared < directory.length && directory[shared] === file[shared]) shared++;
  const path = [...directory.slice(shared).map(() => ".."), ...file.slice(shared)].join("/");
  return isRelative(path) ? path : `./${path}`;
}

const relativeStart = /^\.{1,2}\//;

function isRelative(path: string): boolean {
  return relativeStart.test(path);
}

function segmentsOf(path: string): string[] {
  return path
    .replace(/^\.\//, "")
    .split("/")
    .filter((segment) => segment !== "");
}

/** `*` stands for a part of a segment, `**` and a slash for any number of segments. */
function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|[.*+?^${}()|[\]\\]/g, (special) => {
    if (special === "**/") return "([^/]+/)*";
    return special === "*" ? "[^/]*" : `\\${special}`;
  });
  return new RegExp(`^${source}$`);
}
