import { isAbsolute, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { fileOfSyntaxError } from "./failed-parses.ts";
import { findPackage, installCommand, parseManifest } from "./manifest.ts";
import { reason } from "./reason.ts";
import { readIfPresent } from "./variables.ts";

/** Why code cannot be loaded, and how to fix that if it is known. */
export interface LoadFailure {
  /** One line that names the file or package at fault. */
  readonly message: string;
  readonly remedy?: string;
}

/** Why a file or package cannot be imported: names the file or package that is missing or broken, if one is. */
export function loadFailure(imported: string, error: unknown, root: string): LoadFailure {
  const text = error instanceof Error ? error.message : String(error);
  const local = (path: string) => localPaths(path, root);
  const wanted = missingModule(text);
  const missing = wanted === undefined ? undefined : missingPackage(wanted, text, root);
  if (missing !== undefined) {
    const message = `${imported}: the package ${missing} is not installed`;
    return { message, remedy: installCommand(managerOf(root)) };
  }
  if (wanted !== undefined && local(wanted) === imported) {
    return { message: `${imported} is missing` };
  }
  const fault =
    wanted === undefined
      ? (brokenFile(local(text)) ?? unparsedFile(error, local))
      : { file: local(wanted), problem: `${local(wanted)} is missing` };
  const folder = fault && packageFolder(fault.file);
  if (fault !== undefined && folder !== undefined) {
    const name = folder.slice(folder.lastIndexOf(modules) + modules.length);
    const message = `${imported}: the package ${name} is broken: ${fault.problem}`;
    return { message, remedy: installCommand(managerOf(root), folder) };
  }
  if (fault !== undefined && wanted === undefined) return { message: fault.problem };
  const line = reason(error instanceof Error && text !== "" ? new Error(local(text)) : error);
  return { message: `${imported}: ${line}` };
}

/** A file and what is wrong with it. */
interface Fault {
  readonly file: string;
  /** Names the file. */
  readonly problem: string;
}

/** The file that a message of Node.js or esbuild calls invalid. */
function brokenFile(text: string): Fault | undefined {
  const config = /^Invalid package config (.+?package\.json)/.exec(text)?.[1];
  if (config !== undefined) return { file: config, problem: `${config} is invalid` };
  const folder = /^Directory import '(.+?)' is not supported/.exec(text)?.[1];
  if (folder !== undefined) return { file: folder, problem: `${folder} is a folder` };
  // esbuild puts its first error, with file and line, into the second line.
  const [, problem, file] = /^Transform failed with .*\n((.+?):\d+:\d+: .*)/.exec(text) ?? [];
  if (problem === undefined || file === undefined) return undefined;
  return { file, problem: problem.replace(" ERROR:", "") };
}

function unparsedFile(error: unknown, local: (path: string) => string): Fault | undefined {
  const found = fileOfSyntaxError(error);
  if (found === undefined) return undefined;
  const file = local(found.file);
  const place = found.line === undefined ? file : `${file}:${found.line}`;
  return { file, problem: `${place}: ${reason(error)}` };
}

/** The module that Node.js did not find. What imported it stands in the same message and is not at fault. */
function missingModule(message: string): string | undefined {
  const found = /^Cannot find (?:module|package) '(.+?)'(?: imported from |\. |\n|$)/.exec(message);
  return found?.[1];
}

/** Name of the package that is not installed; undefined if only one of its files is missing, or another file. */
function missingPackage(wanted: string, message: string, root: string): string | undefined {
  if (isAbsolute(wanted) || /^(?:\.|file:)/.test(wanted)) return undefined;
  // Such as @grpc/grpc-js of @grpc/grpc-js/build/src.
  const name = /^(?:@[^/]+\/)?[^/#:]+/.exec(wanted)?.[0];
  if (name === undefined) return undefined;
  const absent =
    message.startsWith("Cannot find package") || findPackage(root, name).state === "missing";
  return absent ? name : undefined;
}

const modules = "node_modules/";

/** Folder of the package that a file belongs to; undefined for a file of the project. */
function packageFolder(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll("\\", "/"))?.[0];
}

/** Paths and URLs below the root become relative to it. */
function localPaths(text: string, root: string): string {
  const url = `${pathToFileURL(root).href}/`;
  return text.replaceAll(url, "").replaceAll(root + sep, "");
}

function managerOf(root: string): string {
  return parseManifest(readIfPresent(join(root, "package.json")) ?? "")?.packageManager ?? "npm";
}
