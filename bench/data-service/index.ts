import { rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { Client } from "pg";
import { startPostgres } from "../../test/ops/services/postgres.ts";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { table } from "../../tooling/table.ts";
import { buildStarter } from "../build-starter.ts";
import { endWith } from "../end-with.ts";
import type { Section } from "../goals.ts";
import { median } from "../median.ts";
import { printSections } from "../parts.ts";
import { call, copy, type Insertion, type Setup, send } from "./contenders.ts";
import { writeRecords } from "./records.ts";

const contenders = {
  "COPY by psql": copy,
  "BatchInsert, messages of a file": send,
  "BatchInsert, generated client": call,
} as const;
type Name = keyof typeof contenders;
const baseline: Name = "COPY by psql";
const measured: Name = "BatchInsert, messages of a file";

/** Measures BatchInsert beside COPY by psql, in turn. Ends with 1 for a missed goal. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      records: { type: "string", default: "1000000" },
      rounds: { type: "string", default: "3" },
      fsync: { type: "string", default: "on" },
    },
  });
  const project = await buildStarter("data", fileURLToPath(new URL("programs", import.meta.url)));
  // What it does by itself, at moments of its own, would meet some contenders more than others.
  const settings = ["autovacuum=off", "checkpoint_timeout=1h", "max_wal_size=8GB"];
  const postgres = await startPostgres([...settings, `fsync=${values.fsync}`]);
  const { url, bin } = postgres;
  try {
    const files = await writeRecords(project, Number(values.records));
    await execa(process.execPath, ["dist/migrate.js"], {
      cwd: project,
      env: userEnvironment({ DATABASE_URL: url }),
      extendEnv: false,
    });
    const setup = { project, url, bin, files };
    const code = await printSections([() => measure(setup, Number(values.rounds))]);
    console.log(`\nLoad average: ${loadavg().map((load) => load.toFixed(1))}`);
    return code;
  } finally {
    await postgres.stop();
    await rm(dirname(project), { recursive: true, force: true });
  }
}

async function measure(setup: Setup, rounds: number): Promise<Section> {
  const results: Record<Name, Insertion>[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const inTurn = async (name: Name): Promise<Insertion> => {
      await empty(setup.url);
      return await contenders[name](setup);
    };
    results.push({
      "COPY by psql": await inTurn("COPY by psql"),
      "BatchInsert, messages of a file": await inTurn("BatchInsert, messages of a file"),
      "BatchInsert, generated client": await inTurn("BatchInsert, generated client"),
    });
    console.error(`round ${round} of ${rounds}`);
  }
  const { count } = setup.files;
  const typical = (name: Name, figure: keyof Insertion) =>
    median(results.map((result) => result[name][figure]));
  const ratio = (name: Name) => median(results.map((all) => all[baseline].ms / all[name].ms));
  const growth = Math.max(...results.map((result) => result[measured].growth));
  return {
    title: `${count} records of 100 bytes in one call, into a table with a key and an index`,
    table: table(
      ["", "s", "records/s", "x COPY", "server CPU us each", "growth MB"],
      [baseline, measured, "BatchInsert, generated client" as const].map((name) => {
        const ms = typical(name, "ms");
        const shown = [ms / 1000, (count / ms) * 1000, ratio(name)];
        const own = [typical(name, "cpuUs"), typical(name, "growth")];
        const digits = [1, 0, 2, 1, 0];
        return [
          name,
          ...[...shown, ...own].map((value, index) =>
            Number.isNaN(value) ? "-" : value.toFixed(digits[index]),
          ),
        ];
      }),
    ),
    goals: [
      { what: "rate of COPY", measured: ratio(measured), least: 0.5 },
      { what: "growth of the server, most of all rounds", measured: growth, most: 64, unit: "MB" },
    ],
  };
}

async function empty(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query("TRUNCATE records");
  await client.query("CHECKPOINT");
  await client.end();
}

await endWith(main);
