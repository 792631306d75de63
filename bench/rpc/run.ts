import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeExecutable } from "./harness/nodes.ts";
import { type MeasuredProcess, startProcess } from "./harness/process.ts";
import { buildPrograms } from "./harness/sandbox.ts";
import type { Stack, StackName } from "./stacks.ts";

export interface RunSettings {
  /** Major version of the Node that what is measured runs on; by default this one. */
  readonly node: string | undefined;
  /** Length of a slice. */
  readonly seconds: number;
  readonly rounds: number;
  /** Processes of each stack. */
  readonly processes: number;
  /** The servers to compare. */
  readonly stacks: readonly Stack[];
}

/** What every section needs to know. */
export interface Run extends RunSettings {
  /** Where the programs are. */
  readonly folder: string;
  /** Executable for what is measured; the load runs on the Node of the benchmark itself. */
  readonly executable: string;
}

/** Servers have a core to themselves, where there are two; load and everything else share the other. */
export const serverCore = 0;
export const loadCore = 1;

export async function prepare(settings: RunSettings): Promise<Run> {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const folder = await buildPrograms({
    name: "rpc",
    programs: here("programs"),
    protos: here("proto"),
  });
  return { ...settings, folder, executable: await nodeExecutable(settings.node) };
}

/** What `usage` answers. */
export interface Usage {
  readonly cpuUs: number;
  /** Resident memory in bytes. */
  readonly rss: number;
}

/** What a server says when it is ready. */
export interface Ready {
  readonly port: number;
  /** Bearer token that every call needs, if any. */
  readonly token?: string;
}

export type Server = MeasuredProcess<Ready>;

export function startServer(
  run: Run,
  { program, args = [] }: Omit<Stack, "name">,
): Promise<Server> {
  return startProcess(join(run.folder, "servers", program), {
    args,
    node: run.executable,
    core: serverCore,
  });
}

/** The neutral client. */
export function startLoad({ folder }: Run): Promise<MeasuredProcess<null>> {
  return startProcess(join(folder, "stream-load.mjs"), { core: loadCore });
}

/** Starts all processes of all stacks, and ends them when the work is done. */
export async function withServers<Result>(
  run: Run,
  stacks: readonly Stack[],
  work: (servers: ReadonlyMap<StackName, readonly Server[]>) => Promise<Result>,
): Promise<Result> {
  const servers = new Map<StackName, Server[]>();
  try {
    for (const stack of stacks) {
      const started: Server[] = [];
      servers.set(stack.name, started);
      while (started.length < run.processes) started.push(await startServer(run, stack));
    }
    return await work(servers);
  } finally {
    await stopAll([...servers.values()].flat());
  }
}

export async function stopAll(processes: readonly MeasuredProcess<unknown>[]): Promise<void> {
  await Promise.all(processes.map((process) => process.stop()));
}
