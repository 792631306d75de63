import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import type { PackageManagerName } from "./package-managers.ts";
import { printable } from "./printable.ts";
import type { TemplateContext } from "./template-context.ts";
import { compileTemplate } from "./template-engine.ts";
import type { Versions } from "./versions.ts";

/** A file of templates/. */
export interface Template {
  readonly content: Buffer;
  /** Path below templates/ with `/` when it is to be rendered. */
  readonly source: string | undefined;
}

/** Emitted path -> template. */
export type Templates = ReadonlyMap<string, Template>;

/** The layers of a project's files; a later one wins over an earlier one. */
export interface TemplateLayers {
  readonly project: Templates;
  readonly starter: Templates;
  readonly packageManager: Templates;
}

/**
 * Reads the templates for a project. Suffix `.hbs`: rendered, suffix dropped; leading `_` of a
 * file or folder: a dot; anything else is copied.
 *
 * @throws UsageError when there is no such starter.
 */
export async function readTemplates(
  packageRoot: string,
  starter: string,
  packageManager: PackageManagerName,
): Promise<TemplateLayers> {
  const templates = join(packageRoot, "templates");
  if (starter !== "") await checkStarter(join(templates, "starters"), starter);
  const [project, starterFiles, packageManagerFiles] = await Promise.all([
    readTree(templates, "project"),
    starter === "" ? new Map<string, Template>() : readTree(templates, `starters/${starter}`),
    readTree(templates, `package-managers/${packageManager}`),
  ]);
  return { project, starter: starterFiles, packageManager: packageManagerFiles };
}

async function checkStarter(folder: string, starter: string): Promise<void> {
  const known = await readdir(folder);
  if (known.includes(starter)) return;
  const near = nearest(starter, known);
  const hint = near === undefined ? `there is ${known.join(", ")}` : `did you mean ${near}?`;
  throw new UsageError(`no starter "${printable(starter)}"; ${hint}`);
}

async function readTree(templates: string, layer: string): Promise<Map<string, Template>> {
  const folder = join(templates, layer);
  if (!existsSync(folder)) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = await Promise.all(
    files.map(async ({ parentPath, name }): Promise<[string, Template]> => {
      const file = join(parentPath, name);
      const path = file.slice(folder.length + 1).replaceAll(sep, "/");
      const source = path.endsWith(".hbs") ? `${layer}/${path}` : undefined;
      return [emittedPath(path), { content: await readFile(file), source }];
    }),
  );
  return new Map(read.filter(([path]) => !path.split("/").includes("node_modules")));
}

function emittedPath(templatePath: string): string {
  return templatePath
    .replace(/\.hbs$/, "")
    .split("/")
    .map((segment) => segment.replace(/^_(?!_)/, "."))
    .join("/");
}

/** Renders templates with Handlebars. */
export async function renderTemplates(
  templates: Templates,
  context: TemplateContext,
  versions: Versions,
): Promise<Map<string, string | Buffer>> {
  const helpers = {
    version: (name: string) => versions.compatible(name),
    "exact-version": (name: string) => versions.exact(name),
    json: (value: unknown) => JSON.stringify(value),
    eq: (a: unknown, b: unknown) => a === b,
  };
  const files = new Map<string, string | Buffer>();
  for (const [path, { content, source }] of templates) {
    if (source === undefined) files.set(path, content);
    else files.set(path, compileTemplate(source, content.toString("utf8"))(context, { helpers }));
  }
  return files;
}
