import type { Files } from "../../files.ts";
import { readTemplateFiles } from "../../template-files.ts";
import { UsageError } from "../../terminal/errors.ts";
import { nearest } from "../../terminal/nearest.ts";
import { printable } from "../../terminal/printable.ts";
import type { AdditionName } from "./additions.ts";
import { type Contributions, combine } from "./contributions.ts";
import type { PackageManagerName } from "./package-managers.ts";
import type { TemplateContext } from "./template-context.ts";
import { type Helpers, render } from "./template-engine.ts";
import { parseTemplate } from "./template-parser.ts";
import type { Versions } from "./versions.ts";

/** A file of templates/. */
export interface TemplateFile {
  readonly text: string;
  /** The text is to be rendered. */
  readonly isTemplate: boolean;
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
  /** Of all layers, for the files that they share. */
  readonly contributions: Required<Contributions>;
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
export function readTemplates(
  packageRoot: string,
  { starter, additions, packageManager }: LayerChoice,
): TemplateLayers {
  if (starter !== "") checkStarter(starterNames(packageRoot), starter);
  const read = (layer: string) => templatesOf(readTemplateFiles(packageRoot, layer));
  const ofStarter = starter === "" ? [] : [...read(`starters/${starter}`)];
  const added = [`additions`, ...(starter === "" ? [] : [`starters/${starter}/additions`])];
  const project = read("project");
  const starterLayer = new Map(ofStarter.filter(([path]) => !path.startsWith(starterAdditions)));
  const additionLayers = added.flatMap((folder) =>
    additions.map((name) => read(`${folder}/${name}`)),
  );
  return {
    project: withoutContributions(project),
    starter: withoutContributions(starterLayer),
    additions: new Map(additionLayers.flatMap((layer) => [...withoutContributions(layer)])),
    packageManager: read(`package-managers/${packageManager}`),
    contributions: combine([project, starterLayer, ...additionLayers].map(contributionsOf)),
  };
}

/** In each layer, what it puts into files that it shares with others. */
const contributionsFile = "contributions.json";

function contributionsOf(layer: Templates): Contributions {
  return JSON.parse(layer.get(contributionsFile)?.text ?? "{}");
}

function withoutContributions(layer: Templates): Templates {
  return new Map([...layer].filter(([path]) => path !== contributionsFile));
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

function templatesOf(files: Files): Templates {
  return new Map(
    [...files].map(([path, text]): [string, TemplateFile] => {
      return [emittedPath(path), { text, isTemplate: path.endsWith(".hbs") }];
    }),
  );
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
  const helpers: Helpers = {
    version: (name) => versions.compatible(String(name)),
    "exact-version": (name) => versions.exact(String(name)),
    json: (value) => JSON.stringify(value),
    eq: (a, b) => a === b,
  };
  const rendered = ({ text, isTemplate }: TemplateFile) =>
    isTemplate ? render(parseTemplate(text), context, helpers) : text;
  return new Map([...templates].map(([path, file]) => [path, rendered(file)]));
}
