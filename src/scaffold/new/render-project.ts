import { packageManifest } from "../../package-root.ts";
import { printEnvExample } from "../emit/env-example.ts";
import { parseGenConfig } from "../generation/gen-config.ts";
import { generate } from "../generation/generate.ts";
import type { Compiled } from "../protos/compiled.ts";
import { checkHeadComments } from "../protos/head-comments.ts";
import { descriptorsFile, isWellKnown } from "../protos/names.ts";
import { readCatalog } from "../templates/manifests.ts";
import { type Answers, templateContext } from "../templates/template-context.ts";
import { renderTemplates, type TemplateLayers } from "../templates/templates.ts";
import { readVersions } from "../templates/versions.ts";
import { createProject, inOrder, type Project, withDescriptorInput } from "./project.ts";
import { hashFiles, printRecord, recordFile } from "./record.ts";
import type { RecordedSource } from "./recorded-source.ts";

/** Generates, prints and renders all files of a new project, in memory. */
export async function renderProject(
  answers: Answers,
  layers: TemplateLayers,
  compiled: Compiled,
  packageRoot: string,
  source?: RecordedSource,
): Promise<{ readonly project: Project; readonly builtIn: readonly string[] }> {
  checkHeadComments(compiled.sourceFiles);
  const manifest = packageManifest(packageRoot);
  const versions = readVersions(manifest);
  const config = parseGenConfig(layers.project.get("buf.gen.yaml")?.text ?? "");
  const descriptorSet = compiled.protoFiles.has(descriptorsFile);
  const targets = descriptorSet
    ? compiled.files.map(({ name }) => name).filter((name) => !isWellKnown(name))
    : compiled.protoFiles.keys();
  const generated = await generate(compiled, new Set(targets), config);
  const { files, services, builtIn, requests } = generated;
  const rules = compiled.files.some((file) => file.name === "buf/validate/validate.proto");
  const additions = readCatalog(packageRoot).additions.map(({ name }) => name);
  const facts = { services, rules, descriptorSet };
  const context = templateContext(answers, facts, additions, layers);
  const project = createProject({
    protoFiles: compiled.protoFiles,
    generated: files,
    services,
    requests,
    projectFiles: renderTemplates(layers.project, context, versions),
    starterFiles: renderTemplates(layers.starter, context, versions),
    additionFiles: renderTemplates(layers.additions, context, versions),
    packageManagerFiles: renderTemplates(layers.packageManager, context, versions),
    wiring: layers.wiring,
    envExample: printEnvExample(answers.name, layers.wiring.variables),
    vendor: answers.packages.vendor,
  });
  const configured = descriptorSet ? withDescriptorInput(project) : project;
  return { project: withRecord(configured, answers, manifest.version, source), builtIn };
}

/** The files with the record of how they were made. */
function withRecord(
  project: Project,
  answers: Answers,
  version: string,
  source: RecordedSource | undefined,
): Project {
  const more = source === undefined ? {} : { source };
  const content = printRecord({ version, answers, files: hashFiles(project), more });
  return inOrder(new Map(project).set(recordFile, { content, owner: "user" }));
}
