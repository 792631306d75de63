import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeExecutable } from "../rpc/harness/nodes.ts";
import { type MeasuredProcess, startProcess } from "../rpc/harness/process.ts";
import { buildPrograms } from "../rpc/harness/sandbox.ts";

/** Each has a server and a client of the same name below `programs`. */
export const stacks = ["ours", "grpc-js", "nice-grpc", "connect-node"] as const;
export type StackName = (typeof stacks)[number];

export type Server = MeasuredProcess<{ readonly port: number }>;
export type Prober = MeasuredProcess<null>;

export interface ServerSettings {
  /** A free one by default. */
  readonly port?: number;
  /** Calls that a connection may have open. Ours has 100 by default, the others have no limit. */
  readonly maxStreams?: number;
  /** How long ours waits for its calls when it stops; the others wait for ever. */
  readonly graceMs?: number;
  /** Limits of ours. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Options of grpc-js, for those that are built on it. */
  readonly channelOptions?: Readonly<Record<string, number>>;
}

/** Starts what is measured, and ends all of it. */
export class Bench {
  readonly #folder: string;
  readonly #node: string;
  readonly #running: MeasuredProcess<unknown>[] = [];

  private constructor(folder: string, node: string) {
    this.#folder = folder;
    this.#node = node;
  }

  /** @param node major version to run on; this one by default */
  static async prepare(node: string | undefined): Promise<Bench> {
    const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
    const folder = await buildPrograms({
      name: "reliability",
      programs: here("programs"),
      protos: here("proto"),
    });
    return new Bench(folder, await nodeExecutable(node));
  }

  server(stack: StackName, settings: ServerSettings = {}): Promise<Server> {
    return this.#start(join("servers", `${stack}.mjs`), [JSON.stringify(settings)]);
  }

  client(stack: StackName): Promise<MeasuredProcess<null>> {
    return this.#start(join("clients", `${stack}.mjs`));
  }

  /** The neutral caller. */
  prober(): Promise<Prober> {
    return this.#start("prober.mjs");
  }

  /** The neutral caller that connects again when the server wants it to. */
  caller(): Promise<Prober> {
    return this.#start("caller.mjs");
  }

  /** Takes what it can of a server. */
  attacker(): Promise<Prober> {
    return this.#start("attacker.mjs");
  }

  /** The server that does everything wrong: a port for each way. */
  hostileServer(): Promise<MeasuredProcess<{ readonly ports: Readonly<Record<string, number>> }>> {
    return this.#start("hostile-server.mjs");
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((process) => process.stop()));
  }

  async #start<Ready>(program: string, args: string[] = []): Promise<MeasuredProcess<Ready>> {
    const started = await startProcess<Ready>(join(this.#folder, program), {
      args,
      node: this.#node,
    });
    this.#running.push(started);
    return started;
  }
}

/** The result of some work, or undefined when it fails or takes too long. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const failed = work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([failed, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds of a clock that all processes of a machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Resident memory of a process, also while it is too busy to answer; NaN when it has ended. */
export async function residentMb({ pid }: MeasuredProcess<unknown>): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
