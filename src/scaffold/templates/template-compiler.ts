import { createRequire } from "node:module";
import { join } from "node:path";
import handlebars from "handlebars/runtime.js";
import { isBundled } from "../../package-root.ts";
import type { Template } from "./compile-template.ts";

/** Compiles a file of templates/, given by its path there and its text. */
export type TemplateCompiler = (path: string, text: string) => Template;

/** File in dist/ with all precompiled templates, by path in templates/. */
export const precompiledFile = "templates.cjs";

/** Compiles templates in a checkout; reads precompiled ones in the published package. */
export async function templateCompiler(packageRoot: string): Promise<TemplateCompiler> {
  if (!isBundled) {
    const { compileTemplate } = await import("./compile-template.ts");
    return (_path, text) => compileTemplate(text);
  }
  const specifications: Readonly<Record<string, TemplateSpecification>> = createRequire(
    import.meta.url,
  )(join(packageRoot, "dist", precompiledFile));
  return (path) => {
    const specification = specifications[path];
    if (specification === undefined) throw new Error(`${precompiledFile} has no ${path}`);
    return handlebars.template(specification);
  };
}
