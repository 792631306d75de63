import { isAbsolute, relative, sep } from "node:path";

/** Path for messages: relative if the file is below `cwd`, with the separators of the system. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith("..") || isAbsolute(path) ? file : path;
}

/** The path by which others import a file below `root`. */
export function importPathOf(root: string, file: string): string {
  return relative(root, file).split(sep).join("/");
}

/** True when `path` is `folder` or lies below it. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || isInside(folder, path);
}

/** True when `path` lies below `folder`. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
