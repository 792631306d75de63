import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";

/** Changes of a version to files of the package: path -> new text; undefined removes the file. */
export type Patches = Readonly<Record<string, (text: string) => string | undefined>>;

/**
 * Writes what another version of create-grpc-service renders from: its package.json and its templates, with
 * changes. The package.json has another version.
 *
 * @param folder the root of the package, which is filled
 */
export async function otherVersion(
  folder: string,
  version: string,
  patches: Patches,
): Promise<string> {
  const root = packageRoot();
  await cp(join(root, "templates"), join(folder, "templates"), { recursive: true });
  const manifest = await readFile(join(root, "package.json"), "utf8");
  await writeFile(join(folder, "package.json"), withVersion(manifest, version));
  for (const [path, change] of Object.entries(patches)) await patch(join(folder, path), change);
  return folder;
}

/** The text of a package.json with another version. */
export function withVersion(manifest: string, version: string): string {
  return manifest.replace(/"version": "[^"]*"/, `"version": "${version}"`);
}

async function patch(file: string, change: Patches[string]): Promise<void> {
  const before = await readFile(file, "utf8").catch(() => "");
  const after = change(before);
  if (after === before) throw new Error(`the change to ${file} changes nothing`);
  if (after === undefined) return rm(file);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, after);
}

/** Puts lines before the first one that contains a text. */
export function before(mark: string, lines: string) {
  return (text: string): string => {
    const at = text.lastIndexOf("\n", text.indexOf(mark)) + 1;
    if (!text.includes(mark)) throw new Error(`no ${mark}`);
    return `${text.slice(0, at)}${lines}\n${text.slice(at)}`;
  };
}

/** Replaces a text. */
export function swap(from: string, to: string) {
  return (text: string): string => text.replaceAll(from, to);
}
