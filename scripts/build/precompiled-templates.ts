import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import handlebars from "handlebars";
import type { Plugin } from "rolldown";
import { templateOptions } from "../../src/scaffold/template-engine.ts";

/**
 * Puts the compiled templates in the place of src/scaffold/template-engine.ts: the bundle then needs
 * the small runtime of handlebars and not its compiler, and starts sooner.
 */
export function precompiledTemplates(root: string): Plugin {
  const engine = join(root, "src/scaffold/template-engine.ts");
  return {
    name: "precompiled-templates",
    load: async (id) => (id === engine ? engineModule(join(root, "templates")) : undefined),
  };
}

async function engineModule(templates: string): Promise<{ code: string; moduleType: "js" }> {
  const entries = await readdir(templates, { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".hbs"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const compiled = await Promise.all(
    sources.map(async (file) => {
      const path = relative(templates, file).split(sep).join("/");
      const code = handlebars.precompile(await readFile(file, "utf8"), templateOptions);
      return `  ${JSON.stringify(path)}: ${code},`;
    }),
  );
  const code = `import handlebars from "handlebars/runtime.js";
const compiled = {
${compiled.join("\n")}
};
export function compileTemplate(source) {
  return handlebars.template(compiled[source]);
}
`;
  return { code, moduleType: "js" };
}
