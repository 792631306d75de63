import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { precompileTemplate } from "../../src/scaffold/templates/compile-template.ts";
import { precompiledFile } from "../../src/scaffold/templates/template-compiler.ts";
import { readTemplateFiles } from "../../src/scaffold/templates/template-files.ts";

/** Writes one module with every template of `root`, compiled, by its path in templates/. */
export async function precompileTemplates(root: string, dist: string): Promise<void> {
  const templates = [...readTemplateFiles(root, ".")].filter(([path]) => path.endsWith(".hbs"));
  const entries = templates.map(
    ([path, text]) => `${JSON.stringify(path)}: ${precompileTemplate(text)},\n`,
  );
  await writeFile(join(dist, precompiledFile), `module.exports = {\n${entries.join("")}};\n`);
}
