import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { describeSystemError, UsageError } from "../errors.ts";
import { printable } from "../printable.ts";
import { type Input, maxProtoBytes } from "./inputs.ts";
import { isWellKnown } from "./names.ts";
import { type ProtoHeader, readProtoHeader } from "./proto-header.ts";

/** A .proto file with the path by which others import it. */
export interface ProtoSource {
  readonly content: Buffer;
  /** Where it was found, for messages. */
  readonly shown: string;
}

/**
 * Gathers the .proto files of the inputs and all they import, by import path. Imports that are
 * not found are left to the compiler, which knows their line.
 */
export async function collectSources(
  inputs: readonly Input[],
  importPaths: readonly string[],
  cwd: string,
): Promise<Map<string, ProtoSource>> {
  const sources = new Map<string, ProtoSource>();
  const roots: string[] = [];
  for (const input of inputs) {
    const files = input.kind === "folder" ? await protoFilesIn(input.path) : [input.path];
    if (files.length === 0) {
      throw new UsageError(`--proto ${printable(input.shown)} has no .proto file in it`);
    }
    const root = await rootOf(input, importPaths, cwd);
    if (!roots.includes(root)) roots.push(root);
    for (const file of files) {
      addSource(sources, importPathOf(root, file), await readSource(file, cwd));
    }
  }
  await addImports(sources, [...importPaths, ...roots], cwd);
  return sources;
}

/** The folder that import paths of an input are relative to. */
async function rootOf(input: Input, importPaths: readonly string[], cwd: string): Promise<string> {
  const given = importPaths.find((path) => isInside(path, input.path));
  if (given !== undefined) return given;
  if (input.kind === "folder") return input.path;
  const header = headerOf(await readSource(input.path, cwd));
  const candidates = [packageRootOf(input.path, header), ...ancestors(input.path)];
  for (const candidate of candidates) {
    if (await resolvesImports(candidate, header, importPaths)) return candidate;
  }
  return candidates[0] ?? dirname(input.path);
}

function headerOf({ content }: ProtoSource): ProtoHeader {
  return readProtoHeader(content.toString("utf8"));
}

/** `proto/a/v1/x.proto` of package `a.v1` lies in root `proto`; else its own folder is the root. */
function packageRootOf(file: string, header: ProtoHeader): string {
  const folder = dirname(file);
  const packagePath = sep + header.package.split(".").join(sep);
  return header.package !== "" && folder.endsWith(packagePath)
    ? folder.slice(0, -packagePath.length) || sep
    : folder;
}

/** The folder of a file and the four above it: further up, imports are not looked for. */
function ancestors(file: string): string[] {
  const folders = [dirname(file)];
  while (folders.length < 5) folders.push(dirname(folders.at(-1) ?? file));
  return folders;
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

/** Adds what the sources import, and what that imports, as far as it is found. */
async function addImports(
  sources: Map<string, ProtoSource>,
  roots: readonly string[],
  cwd: string,
): Promise<void> {
  // A Map walks entries that are added on the way, too.
  for (const source of sources.values()) {
    for (const path of headerOf(source).imports) {
      if (sources.has(path) || isWellKnown(path)) continue;
      const file = await findImport(path, roots);
      if (file !== undefined) addSource(sources, path, await readSource(file, cwd));
    }
  }
}

async function findImport(path: string, roots: readonly string[]): Promise<string | undefined> {
  if (isAbsolute(path) || path.includes("\\") || path.split("/").includes("..")) return undefined;
  for (const root of roots) {
    const file = join(root, path);
    const entry = await stat(file).catch(() => undefined);
    if (entry?.isFile() === true) return file;
  }
  return undefined;
}

function addSource(sources: Map<string, ProtoSource>, path: string, source: ProtoSource): void {
  if (isWellKnown(path)) return;
  const known = sources.get(path);
  if (known !== undefined && !known.content.equals(source.content)) {
    throw new UsageError(`${known.shown} and ${source.shown} would both be proto/${path}`);
  }
  sources.set(path, source);
  if (sources.size > maxFiles) {
    throw new UsageError(`more than ${maxFiles} .proto files; name the ones that you need`);
  }
}

async function readSource(file: string, cwd: string): Promise<ProtoSource> {
  const shown = shownPath(file, cwd);
  try {
    const { size } = await stat(file);
    if (size > maxProtoBytes) {
      throw new UsageError(`${shown} is larger than ${maxProtoBytes / 1024 / 1024} MiB`);
    }
    return { content: await readFile(file), shown };
  } catch (error) {
    const reason = describeSystemError(error);
    if (reason === undefined) throw error;
    throw new UsageError(`cannot read ${shown}: ${reason}`);
  }
}

/** Every .proto file below a folder, in a stable order; links to folders are not followed. */
async function protoFilesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  const pending = [folder];
  for (const current of pending) {
    const entries = await readdir(current, { withFileTypes: true }).catch((error: unknown) => {
      const reason = describeSystemError(error);
      if (reason === undefined) throw error;
      throw new UsageError(`cannot read ${printable(current)}: ${reason}`);
    });
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith(".") && entry.name !== "node_modules") pending.push(path);
      } else if (entry.name.endsWith(".proto") && (await stat(path)).isFile()) {
        files.push(path);
      }
    }
    if (pending.length > maxFiles) {
      throw new UsageError(`${printable(folder)} has more than ${maxFiles} folders below it`);
    }
  }
  return files.sort();
}

/** Path as people write it: relative while that is shorter, with the separators of the system. */
function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith("..") || isAbsolute(path) ? file : path;
}

function importPathOf(root: string, file: string): string {
  return relative(root, file).split(sep).join("/");
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}

const maxFiles = 20_000;
