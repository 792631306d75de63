import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";

/** Gathers the licenses of the packages whose files are part of a bundle into one text. */
export async function writeLicenses(modules: readonly string[], target: string): Promise<void> {
  const folders = [...new Set(modules.flatMap(packageFolder))].sort();
  const notices = await Promise.all(folders.map((folder) => notice(folder, modules)));
  await writeFile(target, [...new Set(notices)].join(`\n${"-".repeat(80)}\n\n`));
}

function packageFolder(file: string): string[] {
  const marker = `${sep}node_modules${sep}`;
  const at = file.lastIndexOf(marker);
  if (at < 0 || file.startsWith("\0")) return [];
  const [scopeOrName = "", name = ""] = file.slice(at + marker.length).split(sep);
  const folder = scopeOrName.startsWith("@") ? join(scopeOrName, name) : scopeOrName;
  return [join(file.slice(0, at), "node_modules", folder)];
}

async function notice(folder: string, modules: readonly string[]): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  const texts =
    file === undefined
      ? await headComments(modules.filter((module) => module.startsWith(folder + sep)))
      : [await readFile(join(folder, file), "utf8")];
  const title = `${manifest.name} ${manifest.version} (${manifest.license})\n`;
  return [title, ...texts].join("\n");
}

/** A package without a license file has its terms in comments, which are not in the bundle. */
async function headComments(modules: readonly string[]): Promise<string[]> {
  const sources = await Promise.all(modules.map((module) => readFile(module, "utf8")));
  const heads = sources.flatMap(
    (source) => /^\/\/ Copyright.*\n(?:\/\/.*\n)*/m.exec(source)?.[0] ?? [],
  );
  const terms = [...new Set(heads.map((head) => head.replace(/^\/\/ ?/gm, "")))];
  // Another comment may follow at once.
  return terms.filter((text) => !terms.some((other) => other !== text && text.startsWith(other)));
}
