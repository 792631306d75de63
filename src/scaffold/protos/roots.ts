import { dirname, sep } from "node:path";
import { findImport } from "./find-import.ts";
import type { Input } from "./inputs.ts";
import { isWellKnown } from "./names.ts";
import { isInside } from "./paths.ts";
import type { ProtoHeader } from "./proto-header.ts";
import { headerOf, protoFilesIn, readSource } from "./proto-source.ts";
import { findModules } from "./workspace.ts";

/** Files with import paths relative to the same folder. */
export interface RootedFiles {
  readonly root: string;
  /** May be empty: then imports are searched in the folder. */
  readonly files: readonly string[];
}

/**
 * Finds the files of an input and the roots of their import paths: an `-I` folder above them, else the
 * modules of their buf workspace, else the folder that fits package and imports.
 */
export async function rootFiles(
  input: Input,
  importPaths: readonly string[],
  cwd: string,
): Promise<RootedFiles[]> {
  const isFolder = input.kind === "folder";
  const files = isFolder ? await protoFilesIn(input.path) : [input.path];
  const given = importPaths.find((path) => isInside(path, input.path));
  if (given !== undefined) return [{ root: given, files }];
  const around = foldersAround(input);
  const inModules = (await findModules(around)).map((module) => ({
    root: module.folder,
    files: files.filter((file) => isInside(module.folder, file) && module.has(file)),
  }));
  if (inModules.some(({ files }) => files.length > 0)) return inModules;
  if (isFolder) return [{ root: input.path, files }];
  return [{ root: await rootOfFile(input.path, around, importPaths, cwd), files }];
}

/** The folder of an input and the four above it. The search ends there. */
export function foldersAround({ kind, path }: Input): string[] {
  const folders = [kind === "folder" ? path : dirname(path)];
  while (folders.length < 5) folders.push(dirname(folders.at(-1) ?? path));
  return folders;
}

async function rootOfFile(
  file: string,
  around: readonly string[],
  importPaths: readonly string[],
  cwd: string,
): Promise<string> {
  const header = headerOf(await readSource(file, cwd));
  const likeliest = packageRootOf(file, header);
  for (const candidate of [likeliest, ...around]) {
    if (await resolvesImports(candidate, header, importPaths)) return candidate;
  }
  return likeliest;
}

/** `proto` for `proto/a/v1/x.proto` of package `a.v1`; the folder of the file if they do not match. */
function packageRootOf(file: string, header: ProtoHeader): string {
  const folder = dirname(file);
  const packagePath = sep + header.package.split(".").join(sep);
  return header.package !== "" && folder.endsWith(packagePath)
    ? folder.slice(0, -packagePath.length) || sep
    : folder;
}

async function resolvesImports(
  root: string,
  { imports }: ProtoHeader,
  importPaths: readonly string[],
): Promise<boolean> {
  for (const path of imports) {
    if (isWellKnown(path)) continue;
    if ((await findImport(path, [...importPaths, root])) === undefined) return false;
  }
  return true;
}
