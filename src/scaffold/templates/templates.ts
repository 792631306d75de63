import type { Template } from "./compile-template.ts";
import { type Contribution, checkContributions } from "./contributions.ts";
import { templateHelpers } from "./helpers.ts";
import { foldersIn, manifestFile, readNote, readReplaces, readWiring } from "./manifests.ts";
import type { PackageManagerName } from "./package-managers.ts";
import { type TemplateCompiler, templateCompiler } from "./template-compiler.ts";
import type { TemplateContext } from "./template-context.ts";
import { readTemplateFiles } from "./template-files.ts";
import type { Versions } from "./versions.ts";
import { combine, type Wiring } from "./wiring.ts";

/** A file of templates/. */
export interface TemplateFile {
  readonly text: string;
  /** Renders the text. Undefined: the file is copied. */
  readonly template?: Template;
}

/** Emitted path -> file of templates/. */
export type Templates = ReadonlyMap<string, TemplateFile>;

/** The layers of a project's files; a later one wins over an earlier one. */
export interface TemplateLayers {
  readonly project: Templates;
  readonly starter: Templates;
  /** The files of additions, then the starter's own files for them and for those not chosen. */
  readonly additions: Templates;
  readonly packageManager: Templates;
  /** The contributions of all folders to shared files. */
  readonly wiring: Required<Wiring>;
  /** Environment variables that the tests of the starter and of additions read. */
  readonly testVariables: ReadonlySet<string>;
  /** Lines for whoever has just made the project. */
  readonly notes: readonly string[];
}

/** Selects the layers. */
export interface LayerChoice {
  /** Name of the starter, or "". */
  readonly starter: string;
  /** Names of additions. */
  readonly additions: readonly string[];
  readonly packageManager: PackageManagerName;
}

/** Folders of a starter with its files for additions that are chosen, and for those that are not. */
const chosenFolder = "additions";
const unchosenFolder = "without";

/**
 * Reads the templates for a project. A file with the suffix `.hbs` is rendered and loses the suffix; all
 * others are copied. A leading `_` of a file or folder becomes a dot.
 *
 * @throws Error when two folders contribute the same path and the manifest does not declare it.
 */
export async function readTemplates(
  packageRoot: string,
  { starter, additions, packageManager }: LayerChoice,
): Promise<TemplateLayers> {
  const compile = await templateCompiler(packageRoot);
  const contributions: Contribution[] = [];
  const wiring: Wiring[] = [];
  const notes: string[] = [];
  const read = (folder: string, ...over: string[]): Templates => {
    const templates = readFolder(packageRoot, folder, compile);
    const replaces = readReplaces(packageRoot, folder);
    wiring.push(readWiring(packageRoot, folder));
    const note = readNote(packageRoot, folder);
    if (note !== undefined) notes.push(note);
    contributions.push({ folder, paths: templates.keys(), replaces, over });
    return templates;
  };
  const own = `starters/${starter}`;
  const layers = {
    project: read("project"),
    starter: starter === "" ? new Map() : read(own, "project"),
    additions: new Map([
      ...additions.flatMap((name) => [...read(`additions/${name}`, "project")]),
      ...(starter === "" ? [] : additions).flatMap((name) => {
        return [...read(`${own}/${chosenFolder}/${name}`, "project", own, `additions/${name}`)];
      }),
      ...unchosen(packageRoot, own, additions).flatMap((path) => [...read(path, "project", own)]),
    ]),
    packageManager: read(`package-managers/${packageManager}`),
  };
  checkContributions(contributions);
  const testVariables = variablesOfTests([...layers.starter, ...layers.additions]);
  return { ...layers, wiring: combine(wiring), testVariables, notes };
}

function variablesOfTests(files: Iterable<readonly [string, TemplateFile]>): Set<string> {
  const variables = [...files].flatMap(([path, { text }]) =>
    path.startsWith("test/") ? [...text.matchAll(/\bprocess\.env\.(\w+)/g)] : [],
  );
  return new Set(variables.map(([, name = ""]) => name));
}

/** The folders of a starter for the additions that are not chosen. */
function unchosen(packageRoot: string, own: string, additions: readonly string[]): string[] {
  const folder = `${own}/${unchosenFolder}`;
  return foldersIn(packageRoot, folder)
    .filter((name) => !additions.includes(name))
    .map((name) => `${folder}/${name}`);
}

function readFolder(packageRoot: string, folder: string, compile: TemplateCompiler): Templates {
  const files = [...readTemplateFiles(packageRoot, folder)].filter(
    ([path]) => path !== manifestFile && !isForAdditions(path),
  );
  return new Map(
    files.map(([path, text]): [string, TemplateFile] => {
      const isTemplate = path.endsWith(".hbs");
      const template = isTemplate ? compile(`${folder}/${path}`, text) : undefined;
      return [emittedPath(path), { text, ...(template && { template }) }];
    }),
  );
}

function isForAdditions(path: string): boolean {
  return path.startsWith(`${chosenFolder}/`) || path.startsWith(`${unchosenFolder}/`);
}

/** The protos of a starter, by path below proto/. */
export function starterProtos({ starter }: TemplateLayers): Map<string, Uint8Array> {
  const protos = [...starter].filter(([path]) => path.startsWith("proto/"));
  return new Map(
    protos.map(([path, { text }]) => [path.slice("proto/".length), Buffer.from(text)]),
  );
}

function emittedPath(templatePath: string): string {
  return templatePath
    .replace(/\.hbs$/, "")
    .split("/")
    .map((segment) => segment.replace(/^_(?!_)/, "."))
    .join("/");
}

/** Renders templates and copies all other files. */
export function renderTemplates(
  templates: Templates,
  context: TemplateContext,
  versions: Versions,
): Map<string, string> {
  const helpers = templateHelpers(versions);
  return new Map(
    [...templates].map(([path, { text, template }]) => {
      return [path, template === undefined ? text : template(context, { helpers })];
    }),
  );
}
