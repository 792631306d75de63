import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import type { PackageManagerName } from "./package-managers.ts";
import { printable } from "./printable.ts";
import type { TemplateContext } from "./template-context.ts";
import type { Versions } from "./versions.ts";

/** A file of templates/: its bytes, and whether they are to be rendered. */
export interface Template {
  readonly content: Buffer;
  readonly rendered: boolean;
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
    readTree(join(templates, "project")),
    starter === "" ? new Map<string, Template>() : readTree(join(templates, "starters", starter)),
    readTree(join(templates, "package-managers", packageManager)),
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

async function readTree(folder: string): Promise<Map<string, Template>> {
  if (!existsSync(folder)) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const templates = await Promise.all(
    files.map(async ({ parentPath, name }): Promise<[string, Template]> => {
      const file = join(parentPath, name);
      const [path, rendered] = emittedPath(file.slice(folder.length + 1));
      return [path, { content: await readFile(file), rendered }];
    }),
  );
  return new Map(templates.filter(([path]) => !path.split("/").includes("node_modules")));
}

function emittedPath(templatePath: string): [path: string, rendered: boolean] {
  const rendered = templatePath.endsWith(".hbs");
  const path = (rendered ? templatePath.slice(0, -".hbs".length) : templatePath)
    .split(sep)
    .map((segment) => segment.replace(/^_(?!_)/, "."))
    .join("/");
  return [path, rendered];
}

/**
 * Renders templates with Handlebars. Nothing is escaped, a missing value or helper throws: a
 * template that is wrong fails here, not in the user's project.
 */
export async function renderTemplates(
  templates: Templates,
  context: TemplateContext,
  versions: Versions,
): Promise<Map<string, string | Buffer>> {
  const { default: handlebars } = await import("handlebars");
  const engine = handlebars.create();
  engine.registerHelper("version", (name: string) => versions.compatible(name));
  engine.registerHelper("exact-version", (name: string) => versions.exact(name));
  engine.registerHelper("json", (value: unknown) => JSON.stringify(value));
  engine.registerHelper("eq", (a: unknown, b: unknown) => a === b);
  const options = {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    preventIndent: true,
    knownHelpers: { version: true, "exact-version": true, json: true, eq: true },
  };
  const files = new Map<string, string | Buffer>();
  for (const [path, { content, rendered }] of templates) {
    const text = () => engine.compile(content.toString("utf8"), options)(context);
    files.set(path, rendered ? text() : content);
  }
  return files;
}
