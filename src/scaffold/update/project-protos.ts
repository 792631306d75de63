import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import type { Options } from "../cli/options.ts";
import { filesBelow } from "../disk/plan.ts";
import type { Target } from "../disk/target.ts";
import type { GenConfig } from "../generation/gen-config.ts";
import { compileInputs } from "../protos/compile.ts";
import type { Descriptors } from "../protos/compiled.ts";
import { compileFiles, compileProject } from "../protos/compiler.ts";
import { checkHeadComments } from "../protos/head-comments.ts";
import { descriptorsFile, isWellKnown } from "../protos/names.ts";
import { findGone, type GoneProtos } from "./gone-protos.ts";

type Files = ReadonlyMap<string, Uint8Array>;

/** The protos that a run adds to those of a project. */
export interface AddedProtos extends Pick<Options, "proto" | "importPaths" | "force"> {
  /** Whether a file of proto/ may be replaced. Default: with `force`. */
  readonly mayReplace?: (path: string, present: Uint8Array | undefined) => boolean;
  /** Files of proto/ that came from where these come from. Default: none. */
  readonly copied?: ReadonlySet<string>;
  /** Rejects if these may not be added to the files of proto/. */
  readonly confirm?: (given: readonly string[], present: readonly string[]) => Promise<void>;
}

/** The compiled protos of a project, with those that `--proto` adds. */
export interface ProjectProtos {
  readonly compiled: Descriptors;
  /** Names of the files to generate code for. */
  readonly targets: ReadonlySet<string>;
  /** Files to create in proto/. */
  readonly created: Files;
  /** Files of proto/ to replace. */
  readonly replaced: Files;
  readonly gone: GoneProtos;
}

/**
 * Compiles a project's proto/ folder, with the files of `--proto`.
 *
 * @throws UsageError when `--proto` would replace a file of the project without `--force`, when it is not
 * confirmed, and for comments that would become code.
 */
export async function compileProjectProtos(
  target: Target,
  { input }: GenConfig,
  options: AddedProtos,
  { cwd, signal }: Host,
): Promise<ProjectProtos> {
  const { importPaths } = options;
  const proto = inputsOf(target, options);
  const given =
    proto.length === 0 ? undefined : await compileInputs({ proto, importPaths, cwd, signal });
  const givenFiles = given?.protoFiles ?? new Map<string, Uint8Array>();
  checkForm(input, givenFiles);
  const present = await readProtos(join(target.path, "proto"));
  await options.confirm?.([...givenFiles.keys()], [...present.keys()]);
  const created = new Map([...givenFiles].filter(([path]) => !present.has(path)));
  const replaced = differing(present, givenFiles);
  const { mayReplace = () => options.force } = options;
  const conflict = [...replaced.keys()].find((path) => !mayReplace(path, present.get(path)));
  if (conflict !== undefined) {
    throw new UsageError(
      `proto/${conflict} already exists and differs; --force replaces it, and changes made to it are lost`,
    );
  }
  const { copied = new Set<string>() } = options;
  const gone = findGone({ copied, present, given: givenFiles, mayReplace });
  const shown = (path: string) => printable(join(target.shown, "proto", path));
  const kept = [...present].filter(([path]) => !gone.moved.has(path));
  const whole = new Map([...kept, ...givenFiles]);
  const compiled =
    given === undefined
      ? await compileProject(target.path, input, signal, { shown })
      : givenFiles.has(descriptorsFile)
        ? given
        : await compileFiles(protoSources(whole), signal, { shown });
  checkHeadComments(compiled.sourceFiles);
  const targets =
    input === "proto"
      ? protoSources(whole).keys()
      : compiled.files.map(({ name }) => name).filter((name) => !isWellKnown(name));
  return { compiled, targets: new Set(targets), created, replaced, gone };
}

/** With only `-I`, the imports of the project's own files are searched there. */
function inputsOf(
  target: Target,
  { proto, importPaths }: Pick<Options, "proto" | "importPaths">,
): readonly string[] {
  return proto.length === 0 && importPaths.length > 0 ? [join(target.path, "proto")] : proto;
}

/** A project stays with .proto files or with a descriptor set, whichever it was created from. */
function checkForm(input: string, given: Files): void {
  if (given.size === 0) return;
  if (given.has(descriptorsFile) === (input !== "proto")) return;
  const form = input === "proto" ? ".proto files" : `a descriptor set, ${input}`;
  throw new UsageError(`this project uses ${form}: --proto must be of the same kind`);
}

function differing(present: Files, given: Files): Files {
  return new Map(
    [...given].filter(([path, content]) => {
      const other = present.get(path);
      return other !== undefined && Buffer.compare(other, content) !== 0;
    }),
  );
}

function protoSources(files: Files): Files {
  return new Map([...files].filter(([path]) => path.endsWith(".proto")));
}

async function readProtos(folder: string): Promise<Files> {
  const paths = await filesBelow(folder);
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(folder, path))] as const),
    ),
  );
}
