import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filesBelow, readIfPresent } from "../../scaffold/disk/plan.ts";
import { genFolder, parseGenConfig } from "../../scaffold/generation/gen-config.ts";
import type { OwnPackages } from "../../scaffold/new/packages.ts";
import { type RecordedAnswers, recordFile } from "../../scaffold/new/record.ts";
import { renderProject } from "../../scaffold/new/render-project.ts";
import type { Compiled } from "../../scaffold/protos/compiled.ts";
import { compileProject } from "../../scaffold/protos/compiler.ts";
import { compileStarter } from "../../scaffold/protos/starter.ts";
import {
  readTemplates,
  starterProtos,
  type TemplateLayers,
} from "../../scaffold/templates/templates.ts";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import type { Contents } from "./plan-merge.ts";

/** What the files of the user depend on. */
export interface RenderInput {
  /** The project, whose protos are read unless it was made from a starter. */
  readonly root: string;
  readonly answers: RecordedAnswers;
  readonly packages: OwnPackages;
  readonly packageRoot: string;
  readonly signal: AbortSignal;
}

/**
 * Renders the files that a user would own, had the project been made just now. The protos are those of the
 * project. A starter comes with its own: they are templates like its handlers.
 */
export async function renderFiles(input: RenderInput): Promise<Contents> {
  const { packageRoot, packages } = input;
  const answers = { ...input.answers, packages };
  const layers = await readTemplates(packageRoot, answers);
  const compiled = await compileFor(input, layers);
  const { project } = await renderProject(answers, layers, compiled, packageRoot);
  const owned = [...project].filter(([path, { owner }]) => owner === "user" && path !== recordFile);
  return new Map(owned.map(([path, { content }]) => [path, Buffer.from(content)]));
}

/** The files that a user owns in a project that another version has written. */
export async function readOwnedFiles(root: string): Promise<Contents> {
  const paths = (await filesBelow(root)).filter(
    (path) => !path.startsWith(`${genFolder}/`) && path !== recordFile,
  );
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path))] as const)),
  );
}

async function compileFor(
  { root, answers: { starter }, packageRoot, signal }: RenderInput,
  layers: TemplateLayers,
): Promise<Compiled> {
  if (starter !== "") {
    return compileStarter(packageRoot, starter, starterProtos(layers), signal);
  }
  const config = await readIfPresent(join(root, "buf.gen.yaml"));
  if (config === undefined) throw new UsageError("buf.gen.yaml is missing");
  const { input } = parseGenConfig(config.toString());
  const shown = (path: string) => printable(join("proto", path));
  const descriptors = await compileProject(root, input, signal, { shown });
  const protos = join(root, "proto");
  const paths = (await filesBelow(protos)).filter((path) =>
    input === "proto" ? path.endsWith(".proto") : `proto/${path}` === input,
  );
  const protoFiles = new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(protos, path))] as const),
    ),
  );
  return { ...descriptors, protoFiles };
}
