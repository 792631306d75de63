import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type MeasuredProcess, startProcess } from "../rpc/harness/process.ts";
import type { RecordFiles } from "./records.ts";

/** Where records come from and go to. */
export interface Setup {
  /** Folder of the built project. */
  readonly project: string;
  /** Its database, with an empty table. */
  readonly url: string;
  /** Folder of psql. */
  readonly bin: string;
  readonly files: RecordFiles;
}

/** How records got into the table. */
export interface Insertion {
  readonly ms: number;
  /** Growth of the server in MB, and its CPU time in microseconds for each record. NaN for none. */
  readonly growth: number;
  readonly cpuUs: number;
}

/** Where the server listens, and what it lets pass. */
interface Ready {
  readonly port: number;
  readonly token: string;
}

type Usage = Readonly<Record<"cpuUs", number>>;

/** COPY of a file by psql, whose start is part of the time. */
export async function copy({ url, bin, files }: Setup): Promise<Insertion> {
  const psql = join(bin, "psql");
  const statement = `\\copy records (id, time, data) from '${files.lines}'`;
  const start = performance.now();
  await execa(psql, [url, "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "-c", statement]);
  return { ms: performance.now() - start, growth: Number.NaN, cpuUs: Number.NaN };
}

/** A file of messages that is sent as it is: what a client in C++ or Go does to the server. */
export function send(setup: Setup): Promise<Insertion> {
  return insert(setup, "send", { file: setup.files.messages });
}

/** The generated client: it makes each record, and shares the cores with server and database. */
export function call(setup: Setup): Promise<Insertion> {
  return insert(setup, "call", { count: setup.files.count });
}

/** One call to a new server. @throws Error unless all records are stored */
async function insert(
  { project, url, files: { count } }: Setup,
  question: string,
  argument: object,
): Promise<Insertion> {
  const program = (name: string) => join(project, "bench", name);
  const settings = JSON.stringify({ DATABASE_URL: url });
  const server = await startProcess<Ready>(program("server.mjs"), { args: [settings] });
  const client = await startProcess<null>(program("client.mjs"));
  try {
    const memory = await memoryMb(server, "VmRSS");
    const before = await server.ask<Usage>("usage");
    const { ms, inserted } = await client.ask<{ ms: number; inserted: number }>(question, {
      ...server.ready,
      ...argument,
    });
    if (inserted !== count) throw new Error(`${inserted} of ${count} records were inserted`);
    const after = await server.ask<Usage>("usage");
    const growth = (await memoryMb(server, "VmHWM")) - memory;
    return { ms, growth, cpuUs: (after.cpuUs - before.cpuUs) / count };
  } finally {
    await Promise.all([server.stop(), client.stop()]);
  }
}

/** Resident memory of a process, at present (VmRSS) or at its peak (VmHWM). NaN where there is no /proc. */
async function memoryMb(
  { pid }: MeasuredProcess<unknown>,
  name: "VmRSS" | "VmHWM",
): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
}
