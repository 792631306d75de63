import { join, sep } from "node:path";
import { importPathOf } from "./paths.ts";
import type { ProtoHeader } from "./proto-header.ts";

/** A folder that import paths are relative to. */
export interface Root {
  readonly folder: string;
  /** Before each import path. Go repositories import their protos by the path of the Go module: `github.com/a/b/`. */
  readonly prefix: string;
}

export function plainRoot(folder: string): Root {
  return { folder, prefix: "" };
}

/** The path by which others import a file below the root. */
export function pathIn({ folder, prefix }: Root, file: string): string {
  return prefix + importPathOf(folder, file);
}

/** The file that an import means, if the root has it. Undefined for a path that leaves the root. */
export function fileIn({ folder, prefix }: Root, path: string): string | undefined {
  if (!path.startsWith(prefix) || !isPlain(path)) return undefined;
  return join(folder, path.slice(prefix.length));
}

/** Whether a path stays below the folder that it is relative to. */
export function isPlain(path: string): boolean {
  return !/^\/|\\|^[a-z]:/i.test(path) && !path.split("/").includes("..");
}

/** `proto` for `proto/a/v1/x.proto` of package `a.v1`. Undefined if they do not match. */
export function packageRootOf(folder: string, header: ProtoHeader): string | undefined {
  if (header.package === "") return undefined;
  const packagePath = sep + header.package.split(".").join(sep);
  return folder.endsWith(packagePath) ? folder.slice(0, -packagePath.length) || sep : undefined;
}
