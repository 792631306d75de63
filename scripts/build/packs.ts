import { writeFile } from "node:fs/promises";
import { readTree } from "../../src/files.ts";
import { pack, packPath } from "../../src/pack.ts";
import { parseTemplate } from "../../src/scaffold/templates/template-parser.ts";

/** Packs templates/ for the package in `target`. The runtime is a package of its own. */
export async function writePacks(templates: string, target: string): Promise<void> {
  const files = [...readTree(templates)].map(parsed);
  const packed = await pack({ runtime: new Map(), templates: new Map(files) });
  await writeFile(packPath(target, "runtime"), packed.runtime);
  await writeFile(packPath(target, "templates"), packed.templates);
}

/** Templates are packed as what their parser makes of them: the bundle has none. */
function parsed([path, text]: [string, string]): [string, string] {
  return [path, path.endsWith(".hbs") ? JSON.stringify(parseTemplate(text)) : text];
}
