import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageManifest } from "../../package-root.ts";
import { InterruptedError, StepError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { testedDate } from "../../tested-date.ts";
import { askDecisions } from "../cli/ask.ts";
import type { Source } from "../cli/ask-source.ts";
import { enclosingText, outsideText } from "../cli/enclosing-text.ts";
import type { Options } from "../cli/options.ts";
import {
  builtInText,
  createdText,
  dryRunText,
  gitText,
  keptManifestText,
  localPackagesText,
  nextStepsText,
  stubsText,
} from "../cli/report.ts";
import { planProject } from "../disk/plan.ts";
import type { Target } from "../disk/target.ts";
import { writeChanges } from "../disk/write.ts";
import type { Compiled } from "../protos/compiled.ts";
import { compileStarter } from "../protos/starter.ts";
import {
  type PackageManager,
  type PackageManagerName,
  packageManager,
} from "../templates/package-managers.ts";
import type { Answers } from "../templates/template-context.ts";
import { readTemplates, starterProtos, type TemplateLayers } from "../templates/templates.ts";
import { enclosingOf, repositoryOf } from "./enclosing.ts";
import { missingInManifest } from "./kept-manifest.ts";
import { type OwnPackages, ownPackages } from "./packages.ts";
import type { Project } from "./project.ts";
import { pathsOutside, recordedSource } from "./recorded-source.ts";

/** Input of {@link createNew}. */
export interface NewProject {
  readonly target: Target;
  readonly name: string;
  readonly options: Options;
  readonly host: Host;
  readonly packageRoot: string;
}

/** Creates a project in a new or empty folder, or next to existing files. */
export async function createNew({ target, name, options, host, packageRoot }: NewProject) {
  const {
    source,
    install: wantsInstall,
    git,
    ...decisions
  } = await askDecisions(options, host, packageRoot);
  const packages = await packagesOf(options, host, packageRoot, decisions.packageManager);
  const answers: Answers = {
    name,
    packageManager: decisions.packageManager,
    starter: source.starter,
    additions: decisions.additions,
    packages,
  };
  const layers = await readTemplates(packageRoot, answers);
  const compiled = await compileSource(source, layers, { host, packageRoot });
  const { renderProject } = await import("./render-project.ts");
  const recorded = recordedSource(source, target.path, host.cwd);
  const { project, builtIn } = await renderProject(
    answers,
    layers,
    compiled,
    packageRoot,
    recorded,
  );
  const { changes, kept } = await planProject(project, target);
  if (options.dryRun) {
    host.print(dryRunText(changes, kept));
    return;
  }
  await writeChanges(target, changes, host.signal);
  host.print(createdText(target.shown, changes, kept));
  host.print(builtInText(builtIn));

  const manager = installingAsTested(packageManager(answers.packageManager), packages, host);
  if (git) {
    const { initRepository } = await import("./git.ts");
    host.print(gitText(await initRepository(target.path)));
  }
  const enclosing = await enclosingOf(target.path);
  host.print(enclosingText(enclosing, manager.name));
  const repository = repositoryOf(target.path, enclosing);
  if (recorded !== undefined && repository !== undefined) {
    host.print(outsideText(pathsOutside(recorded, target.path, repository)));
  }
  const missing = kept.includes(manifestFile) ? await missingLines(target, project) : [];
  if (missing.length > 0) {
    host.print(keptManifestText(missing));
    return;
  }
  if (wantsInstall) await installDependencies(target, manager, host);
  host.print(layers.notes.map((note) => `\n${note}\n`).join(""));
  host.print(nextStepsText(target.shown, manager, wantsInstall));
  if (source.starter === "") host.print(stubsText([...project.keys()]));
  const { self, library } = packages;
  host.print(localPackagesText({ "create-grpc-service": self, "grpc-service": library }));
}

/**
 * npm installs a project with packages in `vendor/` as it was tested. A registry's own copy of our
 * packages may be younger than that, so a project that gets them from there takes what is newest.
 */
function installingAsTested(
  manager: PackageManager,
  { vendor }: OwnPackages,
  { env }: Pick<Host, "env">,
): PackageManager {
  const chosen = env.npm_config_before !== undefined;
  if (manager.name !== "npm" || vendor.size === 0 || chosen) return manager;
  return { ...manager, install: `${manager.install} --before=${testedDate}` };
}

const manifestFile = "package.json";

/** What the user must add to the package.json that was kept. */
async function missingLines(target: Target, project: Project): Promise<string[]> {
  const kept = await readFile(join(target.path, manifestFile), "utf8");
  return missingInManifest(kept, String(project.get(manifestFile)?.content ?? ""));
}

function packagesOf(
  { self, runtime: library }: Options,
  { cwd, signal }: Host,
  packageRoot: string,
  packageManager: PackageManagerName,
): Promise<OwnPackages> {
  const { version } = packageManifest(packageRoot);
  return ownPackages({ packageRoot, version, packageManager, cwd, signal, self, library });
}

async function compileSource(
  { proto, importPaths, starter, server }: Source,
  layers: TemplateLayers,
  { host, packageRoot }: Pick<NewProject, "host" | "packageRoot">,
): Promise<Compiled> {
  const { cwd, signal, note } = host;
  if (server !== undefined) {
    const { compileServer } = await import("../protos/from-server.ts");
    return compileServer(server, host);
  }
  if (starter === "") {
    const { compileInputs } = await import("../protos/compile.ts");
    return compileInputs({ proto, importPaths, cwd, signal, note });
  }
  return compileStarter(packageRoot, starter, starterProtos(layers), signal);
}

async function installDependencies(
  { path, shown }: Target,
  manager: PackageManager,
  host: Host,
): Promise<void> {
  host.print(`Installing with ${manager.name} ...\n`);
  const { install } = await import("./install.ts");
  const failure = await install(path, manager, host);
  if (failure === undefined) return;
  const enter = shown === "." ? "" : `cd ${shellWord(shown)} && `;
  const rest = `the project is written, continue with: ${enter}${manager.install}`;
  if (failure.kind === "interrupted") throw new InterruptedError(rest);
  throw new StepError(`${failure.reason}; ${rest}`);
}
