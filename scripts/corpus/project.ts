import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import type { Corpus } from "../../tooling/corpus/corpora.ts";
import { corpusFolder } from "../../tooling/corpus/stage.ts";
import { attempt, type CommandResult } from "../../tooling/packed/commands.ts";
import type { OwnCommands } from "../../tooling/plugins/plugin-process.ts";
import { lendModules } from "./lent-modules.ts";

export interface ProjectResult {
  readonly name: string;
  readonly proto: string;
  /** Seconds the scaffolder took. */
  readonly seconds: number;
  /** Tests that passed. */
  readonly tests: number;
  /** The first step that failed, with what it printed. */
  readonly failure?: string;
}

/** Steps of an emitted project, by its own scripts. */
const steps = [
  ["npm", "run", "--silent", "lint"],
  ["npm", "run", "--silent", "build"],
  // It compares, among other things, src/gen with what `buf generate` makes of the protos.
  ["npx", "grpc-service", "doctor"],
  ["npm", "test", "--silent"],
] as const;

/** Scaffolds a project from the sample of a staged corpus and runs its lint, build, doctor and tests. */
export async function checkProject(
  corpus: Corpus,
  sample: string,
  commands: OwnCommands,
  tell: (step: string) => void,
): Promise<ProjectResult> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "create-grpc-service-corpus-")));
  try {
    const folder = join(parent, "project");
    const protos = join(corpusFolder(corpus), "proto");
    const args = ["--proto", join(protos, sample), "--import-path", protos];
    const packages = [`--self=file:${packageRoot()}`, `--runtime=file:${packageRoot()}/runtime`];
    const flags = ["--yes", "--no-install", "--no-git", ...packages];
    tell(`scaffolding from ${sample}`);
    const start = performance.now();
    const created = await attempt(
      process.execPath,
      [...commands.scaffolder, folder, ...args, ...flags],
      {
        cwd: packageRoot(),
      },
    );
    const seconds = (performance.now() - start) / 1000;
    const result = { name: corpus.name, proto: sample, seconds, tests: 0 };
    if (created.exitCode !== 0) return { ...result, failure: output(created) };
    await lendModules(folder, commands);
    let tests = 0;
    for (const [command, ...rest] of steps) {
      tell([command, ...rest].join(" "));
      const step = await attempt(command, rest, { cwd: folder });
      if (step.exitCode !== 0) {
        return { ...result, failure: `${[command, ...rest].join(" ")}\n${output(step)}` };
      }
      tests = Number(/Tests\s+(\d+) passed/.exec(step.stdout)?.[1] ?? 0);
    }
    if (tests === 0) return { ...result, failure: "no test ran" };
    return { ...result, tests };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

function output({ stdout, stderr }: CommandResult): string {
  return `${stdout}\n${stderr}`.trim();
}
