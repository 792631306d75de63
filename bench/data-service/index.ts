import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { Client } from "pg";
import { startPostgres } from "../../test/ops/services/postgres.ts";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { table } from "../../tooling/table.ts";
import { endWith } from "../end-with.ts";
import type { Section } from "../goals.ts";
import { median } from "../median.ts";
import { printSections } from "../parts.ts";
import { type MeasuredProcess, startProcess } from "../rpc/harness/process.ts";
import { buildProject } from "./project.ts";
import { copy, writeRecords } from "./psql.ts";

interface Setup {
  readonly project: string;
  readonly url: string;
  readonly records: number;
  /** For psql. */
  readonly file: string;
}

/** Milliseconds of one call, and the growth of the server in MB. */
interface Insertion {
  readonly ms: number;
  readonly growth: number;
}

/** Measures BatchInsert beside COPY by psql, in turn. Ends with 1 for a missed goal. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      records: { type: "string", default: "1000000" },
      rounds: { type: "string", default: "3" },
      fsync: { type: "string", default: "on" },
    },
  });
  const records = Number(values.records);
  const project = await buildProject();
  const settings = ["autovacuum=off", "checkpoint_timeout=1h", "max_wal_size=8GB"];
  const postgres = await startPostgres([...settings, `fsync=${values.fsync}`]);
  const { url } = postgres;
  try {
    const file = await writeRecords(project, records);
    await execa(process.execPath, ["dist/migrate.js"], {
      cwd: project,
      env: userEnvironment({ DATABASE_URL: url }),
      extendEnv: false,
    });
    const setup = { project, url, records, file };
    return await printSections([() => measure(setup, Number(values.rounds))]);
  } finally {
    await postgres.stop();
    await rm(dirname(project), { recursive: true, force: true });
  }
}

async function measure(setup: Setup, rounds: number): Promise<Section> {
  const { url, file, records } = setup;
  const copies: number[] = [];
  const insertions: Insertion[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await empty(url);
    copies.push(await copy(url, file));
    await empty(url);
    insertions.push(await insert(setup));
    console.error(`round ${round + 1} of ${rounds}`);
  }
  const ratio = median(insertions.map(({ ms }, round) => (copies[round] ?? Number.NaN) / ms));
  const growth = Math.max(...insertions.map((insertion) => insertion.growth));
  const row = (name: string, times: readonly number[], cells: readonly string[]) => {
    const ms = median(times);
    return [name, (ms / 1000).toFixed(1), ((records / ms) * 1000).toFixed(0), ...cells];
  };
  return {
    title: `${records} records of 100 bytes into a table with a key and an index`,
    table: table(
      ["", "s", "records/s", "x COPY", "growth MB"],
      [
        row("COPY by psql", copies, ["1.00", "-"]),
        row(
          "BatchInsert",
          insertions.map(({ ms }) => ms),
          [ratio.toFixed(2), growth.toFixed(0)],
        ),
      ],
    ),
    goals: [
      { what: "rate of COPY", measured: ratio, least: 0.5 },
      { what: "growth of the server, most of all rounds", measured: growth, most: 64, unit: "MB" },
    ],
  };
}

/** One call to a new server. @throws Error unless all records are stored */
async function insert({ project, url, records }: Setup): Promise<Insertion> {
  const program = (name: string) => join(project, "bench", name);
  const settings = JSON.stringify({ DATABASE_URL: url });
  const server = await startProcess<{ port: number }>(program("server.mjs"), { args: [settings] });
  const client = await startProcess<null>(program("client.mjs"));
  try {
    const before = await memoryMb(server, "VmRSS");
    const question = { port: server.ready.port, count: records };
    const { ms, inserted } = await client.ask<{ ms: number; inserted: number }>("insert", question);
    if (inserted !== records) throw new Error(`${inserted} of ${records} records were inserted`);
    return { ms, growth: (await memoryMb(server, "VmHWM")) - before };
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

async function empty(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query("TRUNCATE records");
  await client.query("CHECKPOINT");
  await client.end();
}

await endWith(main);
