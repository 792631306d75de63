import { writeFile } from "node:fs/promises";
import { type Files, filesIn, readTree } from "../../src/files.ts";
import { pack, packPath } from "../../src/pack.ts";
import { parseTemplate } from "../../src/scaffold/templates/template-parser.ts";

/**
 * Packs templates/ for the package in `target`.
 *
 * @param compiled what its runtime was compiled to
 */
export async function writePacks(
  templates: string,
  compiled: Files,
  target: string,
): Promise<void> {
  const files = readTree(templates);
  const others = [...files].filter(([path]) => !path.startsWith("runtime/"));
  const packed = await pack({
    runtime: new Map(sideBySide([...filesIn(files, "runtime"), ...compiled])),
    templates: new Map(others.map(parsed)),
  });
  await writeFile(packPath(target, "runtime"), packed.runtime);
  await writeFile(packPath(target, "templates"), packed.templates);
}

/** Templates are packed as what their parser makes of them: the bundle has none. */
function parsed([path, text]: [string, string]): [string, string] {
  return [path, path.endsWith(".hbs") ? JSON.stringify(parseTemplate(text)) : text];
}

/** A module's three forms are much the same: next to each other, they take less. */
function sideBySide(modules: [string, string][]): [string, string][] {
  return modules.sort(([a], [b]) => (a < b ? -1 : 1));
}
