import { join } from "node:path";
import { type MeasuredProcess, startProcess } from "../rpc/harness/process.ts";
import type { Run } from "./run.ts";

/** Programs below `programs/codecs`, without `.mjs`. */
export const ours = "ours";
export const baseline = "protobuf-es";
export const contenderNames = [
  ours,
  baseline,
  "ts-proto",
  "protobufjs",
  "protobuf-ts",
  "pbf",
  "google-protobuf",
] as const;

export type ContenderName = (typeof contenderNames)[number];

export interface Fixture {
  readonly name: string;
  /** Name of the message. */
  readonly type: string;
  /** Several messages, in base64. */
  readonly bytes: readonly string[];
}

/** A process that has loaded fixtures. */
export interface LoadedContender {
  readonly name: ContenderName;
  readonly process: MeasuredProcess<null>;
  /** Names of those whose content it keeps. */
  readonly fixtures: ReadonlySet<string>;
}

export interface Loaded {
  readonly fixtures: readonly Fixture[];
  readonly contenders: readonly LoadedContender[];
}

const core = 1;

/** Starts everything, and ends it when the work is done. */
export async function withContenders<Result>(
  run: Run,
  work: (loaded: Loaded) => Promise<Result>,
): Promise<Result> {
  const processes: MeasuredProcess<unknown>[] = [];
  const start = async <Ready>(program: string, args: readonly string[] = []) => {
    const path = join(run.folder, program);
    const started = await startProcess<Ready>(path, { args, node: run.executable, core });
    processes.push(started);
    return started;
  };
  try {
    const reference = await start<Fixture[]>("reference.mjs");
    const fixtures = chosen(reference.ready, run.fixtures);
    const contenders: LoadedContender[] = [];
    for (const name of contenderNames) {
      for (let i = 0; i < run.processes; i += 1) {
        const process = await start<null>("measured.mjs", [name]);
        const kept = await load({ name, process, fixtures, reference });
        contenders.push({ name, process, fixtures: kept });
      }
    }
    for (const { process } of contenders) await process.ask("warmUp", { ms: 50 });
    return await work({ fixtures, contenders });
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
  }
}

function chosen(fixtures: readonly Fixture[], names: readonly string[] | undefined) {
  const known = fixtures.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--fixture takes ${known.join(", ")}`);
  return names === undefined ? fixtures : fixtures.filter(({ name }) => names.includes(name));
}

interface Loading {
  readonly name: ContenderName;
  readonly process: MeasuredProcess<null>;
  readonly fixtures: readonly Fixture[];
  readonly reference: MeasuredProcess<unknown>;
}

/** Compares what a contender makes of the fixtures. Peers may lose content, such as integers of 64 bits. */
async function load({ name, process, fixtures, reference }: Loading): Promise<Set<string>> {
  const kept = new Set<string>();
  for (const fixture of fixtures) {
    const problem = await check(fixture, process, reference);
    if (problem === undefined) kept.add(fixture.name);
    else if (name === ours || name === baseline)
      throw new Error(`${name}, ${fixture.name}: ${problem}`);
    else console.error(`${name} is left out of ${fixture.name}: ${problem}`);
  }
  return kept;
}

async function check(
  fixture: Fixture,
  process: MeasuredProcess<null>,
  reference: MeasuredProcess<unknown>,
): Promise<string | undefined> {
  try {
    const bytes = await process.ask<string[]>("load", fixture);
    const isSame = await reference.ask<boolean>("isSame", { name: fixture.name, bytes });
    return isSame ? undefined : "it loses content";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
