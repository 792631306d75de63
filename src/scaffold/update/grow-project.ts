import { join } from "node:path";
import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { breakingSinceMain } from "../breaking/breaking-since-main.ts";
import type { Options } from "../cli/options.ts";
import { dryRunText } from "../cli/report.ts";
import type { Changes } from "../disk/changes.ts";
import { checkPaths, readIfPresent } from "../disk/plan.ts";
import type { Target } from "../disk/target.ts";
import { writeChanges } from "../disk/write.ts";
import { parseGenConfig } from "../generation/gen-config.ts";
import { generate } from "../generation/generate.ts";
import { prefixed } from "../new/project.ts";
import { generatedBefore } from "./before/generated-before.ts";
import { modelsBefore } from "./before/models-before.ts";
import { checkTypes } from "./checks/check-types.ts";
import { findFormatter, formatChanges } from "./checks/formatter.ts";
import { goneText } from "./gone-protos.ts";
import { growServices } from "./grow-services.ts";
import { byHandText, growthText } from "./growth-text.ts";
import { machineChanges, presentGenerated } from "./machine-files.ts";
import { confirmOtherProtos } from "./other-protos.ts";
import { pendingText } from "./pending-text.ts";
import { type AddedProtos, compileProjectProtos } from "./project-protos.ts";
import { decideRenames, type RenameDecisions } from "./renames/decide-renames.ts";
import { namesLeft } from "./renames/document-names.ts";
import { readSources } from "./sources.ts";
import { syncCommand } from "./sync-command.ts";

/** Input of {@link growProject}. */
export interface GrownProject {
  readonly target: Target;
  readonly options: AddedProtos & Pick<Options, "yes" | "dryRun">;
  readonly host: Host;
  readonly decisions?: RenameDecisions;
  /** Changes nothing; the exit code is 1 for changes too. */
  readonly check?: boolean;
  /** Run by `sync --source`: its protos are not repeated in commands. */
  readonly fromSource?: boolean;
}

/**
 * Updates a project to its protos: rewrites src/gen, adds missing handlers with their tests, registers
 * them, prints untouched stubs of changed RPCs anew, moves code to new names if that is wanted, and lists
 * all else that the protos require. It changes nothing else, and nothing at all while it waits for a decision
 * about renames: generated code knows the old names.
 *
 * @returns the exit code: 1 if something is left for the user, as a check right after it would say
 */
export async function growProject(project: GrownProject): Promise<number> {
  const { target, options, host, check = false } = project;
  const config = parseGenConfig(await readText(target, "buf.gen.yaml"));
  const confirm = (given: readonly string[], has: readonly string[]) =>
    confirmOtherProtos(project, given, has);
  const protos = await compileProjectProtos(target, config, { ...options, confirm }, host);
  const { compiled, targets } = protos;
  const generated = await generate(compiled, targets, config);
  const present = await presentGenerated(target.path);
  const texts = await generatedBefore(target.path, present, generated.files, host.signal);
  const before = modelsBefore(texts, compiled.sourceFiles, targets);
  const modules = new Set([...generated.files.keys(), ...present.keys(), ...texts.keys()]);
  const registry = createFileRegistry(
    create(FileDescriptorSetSchema, { file: [...compiled.sourceFiles] }),
  );
  const sources = await readSources(target.path);
  const { services, requests } = generated;
  const { files } = generated;
  const states = { before, services, modules, generated: files, registry, requests };
  const asking = host.interactive && !options.yes && !options.dryRun && !check;
  const renames = await decideRenames(
    sources,
    states,
    project.decisions,
    asking ? host : undefined,
  );
  if (renames.offers.some(({ kind }) => kind === "rename")) {
    host.print(pendingText(target.shown, renames, syncCommand(project)));
    return 1;
  }
  const growth = growServices(sources, {
    generated,
    before: renames.before,
    modules,
    printed: before,
  });

  const own = sources.changes();
  const machine = machineChanges(present, generated.files);
  const changes: Changes = {
    create: merged(prefixed("proto/", protos.created), machine.create, own.create),
    update: merged(prefixed("proto/", protos.replaced), machine.update, own.update),
    remove: [
      ...[...protos.gone.moved.keys()].map((path) => `proto/${path}`),
      ...machine.remove,
      ...own.remove,
    ],
  };
  await checkPaths([...changes.create.keys(), ...changes.update.keys(), ...changes.remove], target);
  const gone = protos.gone.left.map((path) =>
    goneText(
      path,
      services,
      compiled.sourceFiles
        .filter(({ dependency }) => dependency.includes(path))
        .map(({ name }) => name),
    ),
  );
  if (options.dryRun) {
    const toAdd = byHandText(growth.byHand);
    host.print(dryRunText(changes, []) + (toAdd === "" ? "" : `${toAdd}\n`));
    return check && (isChange(changes) || growth.byHand.size + gone.length > 0) ? 1 : 0;
  }
  const wouldChange = isChange(changes);
  if (!check && isChange(changes)) {
    const formatted = await format(target.path, sources, changes, host);
    await refuseEdited(target.path, sources.original, own);
    await writeChanges(target, formatted, host.signal);
  }
  const types = check && wouldChange ? undefined : await checkTypes(target.path, host.signal);
  const breaking = await breakingSinceMain(target.path, host.signal);
  host.print(
    growthText({
      shown: target.shown,
      changes,
      own,
      moved: new Set(sources.moves.values()),
      growth,
      renames,
      oldNames: namesLeft(sources.texts, renames.oldNames),
      types,
      breaking,
      check,
      movedProtos: protos.gone.moved,
      gone,
      blocked: sources.blocked,
      command: syncCommand(project),
    }),
  );
  const isOpen =
    gone.length > 0 || (check && wouldChange) || growth.byHand.size > 0 || types?.kind === "failed";
  return isOpen ? 1 : 0;
}

/** The project's own formatter lays out what is added to the user's code. */
async function format(
  project: string,
  sources: {
    readonly original: ReadonlyMap<string, string>;
    readonly texts: ReadonlyMap<string, string>;
  },
  changes: Changes,
  { signal }: Pick<Host, "signal">,
): Promise<Changes> {
  const isOwn = ([path]: readonly [string, unknown]) => sources.texts.has(path);
  const wanted = [...changes.create, ...changes.update].filter(isOwn);
  const texts = new Map(wanted.map(([path]) => [path, sources.texts.get(path) ?? ""] as const));
  const formatter = texts.size === 0 ? undefined : await findFormatter(project, signal);
  const formatted = await formatChanges(formatter, texts, (path) => sources.original.get(path));
  const of = (files: Changes["create"]) =>
    new Map([...files].map(([path, content]) => [path, formatted.get(path) ?? content]));
  return { ...changes, create: of(changes.create), update: of(changes.update) };
}

/** @throws UsageError for a file that was saved since it was read */
async function refuseEdited(
  project: string,
  original: ReadonlyMap<string, string>,
  { update, remove }: Changes,
): Promise<void> {
  for (const path of [...update.keys(), ...remove]) {
    const present = await readIfPresent(join(project, path));
    if (present?.toString("utf8") === original.get(path)) continue;
    throw new UsageError(`${path} was changed meanwhile; nothing was written, run again`);
  }
}

function isChange({ create, update, remove }: Changes): boolean {
  return create.size + update.size + remove.length > 0;
}

type Contents = ReadonlyMap<string, string | Uint8Array>;

function merged(...layers: readonly Contents[]): Contents {
  return new Map(layers.flatMap((layer) => [...layer]));
}

async function readText(target: Target, path: string): Promise<string> {
  const content = await readIfPresent(join(target.path, path));
  if (content === undefined) throw new UsageError(`${join(target.shown, path)} is missing`);
  return content.toString("utf8");
}
