import { basename, resolve } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";

/**
 * Checks that `name` is valid in a package.json, as a folder on every system, and in a Makefile or compose
 * file.
 *
 * @param flag the flag that sets the name, `--name`, if it is not the folder
 * @throws UsageError that says what is wrong and suggests a valid name if possible.
 */
export function checkProjectName(name: string, flag = ""): string {
  const complaint = nameComplaint(name);
  if (complaint === undefined) return name;
  const suggestion = suggestName(name);
  const hint = suggestion === undefined ? "" : `; try ${flag}${flag && " "}${suggestion}`;
  throw new UsageError(`"${shorten(printable(name))}" is not a valid name: ${complaint}${hint}`);
}

/** What is wrong with a name, or undefined. */
export function nameComplaint(name: string): string | undefined {
  if (name.trim() === "") return "it is empty";
  if (name.length > 214) return "npm allows at most 214 characters";
  const match = /^(?:@([^/]+)\/)?([^/]+)$/.exec(name);
  const parts = match?.slice(1).filter((part) => part !== undefined) ?? [name];
  for (const part of parts) {
    if (/[A-Z]/.test(part)) return "npm names are lower case";
    if (!/^[a-z0-9~-][a-z0-9._~-]*$/.test(part)) {
      return "npm names have only a-z, 0-9, -, ., _ and ~, and begin with a letter or digit";
    }
    if (part.startsWith("-")) return "it looks like a flag";
    if (part.endsWith(".")) return "Windows drops a dot at the end";
    if (windowsDevice.test(part)) return "Windows reserves that name for a device";
  }
  if (taken.has(name)) return "npm reserves that name";
  return undefined;
}

/**
 * Whether a folder may have this name if `--name` names the project: every system and Docker Compose, which
 * keeps its letters and digits only, can handle it.
 */
export function isFolderName(name: string): boolean {
  const isReserved = windowsDevice.test(name.toLowerCase()) || taken.has(name);
  return (
    /^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._~+@()-]*$/u.test(name) &&
    /[a-z\d]/i.test(name) &&
    !/[ .]$/.test(name) &&
    !isReserved
  );
}

/** Folder for a project of that name: `orders` for `@me/orders`. A path stays the same. */
export function folderName(name: string): string {
  return name.replace(/^@[^/]*\/(?=[^/]+$)/, "");
}

/** Name of the project in a folder: that of the folder, or the scoped name it is derived from. */
export function projectName(wanted: string, cwd: string): string {
  const folder = folderName(wanted);
  return folder === wanted ? basename(resolve(cwd, folder)) : wanted;
}

/**
 * Name of Kubernetes objects: letters, digits and dashes, a letter first, at most 63 characters (RFC 1035).
 * `@me/2.orders` becomes `app-2-orders`.
 */
export function dnsLabel(name: string): string {
  const label = folderName(name)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .replace(/^(?![a-z])/, "app-");
  return label.slice(0, 63).replace(/-+$/, "");
}

function suggestName(name: string): string | undefined {
  const suggestion = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/^.*[\\/]/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  return nameComplaint(suggestion) === undefined ? suggestion : undefined;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const windowsDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;
const taken: ReadonlySet<string> = new Set(["node_modules", "favicon.ico"]);
