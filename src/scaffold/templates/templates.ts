import { nearest } from "../cli/nearest.ts";
import { UsageError } from "../errors.ts";
import { printable } from "../printable.ts";
import type { AdditionName } from "./additions.ts";
import { templateHelpers } from "./helpers.ts";
import type { PackageManagerName } from "./package-managers.ts";
import { type Template, templateCompiler } from "./template-compiler.ts";
import type { TemplateContext } from "./template-context.ts";
import { readTemplateFiles } from "./template-files.ts";
import type { Versions } from "./versions.ts";

/** A file of templates/. */
export interface TemplateFile {
  readonly text: string;
  /** Renders the text; a file without one is copied. */
  readonly template?: Template;
}

/** Emitted path -> file of templates/. */
export type Templates = ReadonlyMap<string, TemplateFile>;

/** The layers of a project's files; a later one wins over an earlier one. */
export interface TemplateLayers {
  readonly project: Templates;
  readonly starter: Templates;
  /** Of the project, then what the starter makes of it. */
  readonly additions: Templates;
  readonly packageManager: Templates;
}

/** What decides which layers there are. */
export interface LayerChoice {
  /** Name of the starter, or "". */
  readonly starter: string;
  readonly additions: readonly AdditionName[];
  readonly packageManager: PackageManagerName;
}

/** Folder of a starter that is no part of it: what an addition looks like there. */
const starterAdditions = "additions/";

/**
 * Reads the templates for a project. Suffix `.hbs`: rendered, suffix dropped; leading `_` of a
 * file or folder: a dot; anything else is copied.
 *
 * @throws UsageError when there is no such starter.
 */
export async function readTemplates(
  packageRoot: string,
  { starter, additions, packageManager }: LayerChoice,
): Promise<TemplateLayers> {
  if (starter !== "") checkStarter(starterNames(packageRoot), starter);
  const compile = await templateCompiler(packageRoot);
  const read = (folder: string): Templates => {
    const files = [...readTemplateFiles(packageRoot, folder)];
    return new Map(
      files.map(([path, text]): [string, TemplateFile] => {
        const isTemplate = path.endsWith(".hbs");
        const template = isTemplate ? compile(`${folder}/${path}`, text) : undefined;
        return [emittedPath(path), { text, ...(template && { template }) }];
      }),
    );
  };
  const ofStarter = starter === "" ? [] : [...read(`starters/${starter}`)];
  const added = [`additions`, ...(starter === "" ? [] : [`starters/${starter}/additions`])];
  return {
    project: read("project"),
    starter: new Map(ofStarter.filter(([path]) => !path.startsWith(starterAdditions))),
    additions: new Map(
      added.flatMap((folder) => additions.flatMap((name) => [...read(`${folder}/${name}`)])),
    ),
    packageManager: read(`package-managers/${packageManager}`),
  };
}

export function starterNames(packageRoot: string): string[] {
  const paths = [...readTemplateFiles(packageRoot, "starters").keys()];
  return [...new Set(paths.map((path) => path.replace(/\/.*/s, "")))];
}

/** The protos that a starter brings, by their paths below proto/. */
export function starterProtos({ starter }: TemplateLayers): Map<string, Uint8Array> {
  const protos = [...starter].filter(([path]) => path.startsWith("proto/"));
  return new Map(
    protos.map(([path, { text }]) => [path.slice("proto/".length), Buffer.from(text)]),
  );
}

function checkStarter(known: readonly string[], starter: string): void {
  if (known.includes(starter)) return;
  const near = nearest(starter, known);
  const hint = near === undefined ? `there is ${known.join(", ")}` : `did you mean ${near}?`;
  throw new UsageError(`no starter "${printable(starter)}"; ${hint}`);
}

function emittedPath(templatePath: string): string {
  return templatePath
    .replace(/\.hbs$/, "")
    .split("/")
    .map((segment) => segment.replace(/^_(?!_)/, "."))
    .join("/");
}

/** Renders the templates among files; the others stay what they are. */
export function renderTemplates(
  templates: Templates,
  context: TemplateContext,
  versions: Versions,
): Map<string, string> {
  const helpers = { ...templateHelpers(versions) };
  return new Map(
    [...templates].map(([path, { text, template }]) => {
      return [path, template === undefined ? text : template(context, { helpers })];
    }),
  );
}
