import { join } from "node:path";
import { type MeasuredProcess, startProcess } from "../rpc/harness/process.ts";
import { loadCore, type Ready, serverCore } from "../rpc/run.ts";
import { type Contender, contenders } from "./contenders.ts";
import { type BenchDatabase, type Databases, startDatabases } from "./databases.ts";

/** A server with a database of its own. */
export interface Server {
  readonly contender: Contender;
  readonly process: MeasuredProcess<Ready>;
  readonly database: BenchDatabase;
}

/** All that runs while it is measured. */
export interface Setup {
  readonly servers: readonly Server[];
  readonly load: MeasuredProcess<null>;
}

export interface SetupOptions {
  /** Where the programs are. */
  readonly folder: string;
  /** Node of the servers. */
  readonly executable: string;
  /** Processes of each contender. */
  readonly processes: number;
}

/** Starts PostgreSQL, the load and all servers, and ends them when the work is done. */
export async function withServers<Result>(
  options: SetupOptions,
  work: (setup: Setup) => Promise<Result>,
): Promise<Result> {
  const databases = await startDatabases();
  const running: MeasuredProcess<unknown>[] = [];
  try {
    const load = await startProcess<null>(join(options.folder, "load.mjs"), { core: loadCore });
    running.push(load);
    const servers: Server[] = [];
    for (const contender of contenders) {
      for (let count = 0; count < options.processes; count += 1) {
        const server = await startServer(options, contender, databases);
        running.push(server.process);
        servers.push(server);
      }
    }
    return await work({ servers, load });
  } finally {
    await Promise.all(running.map((each) => each.stop()));
    await databases.stop();
  }
}

async function startServer(
  { folder, executable }: SetupOptions,
  contender: Contender,
  databases: Databases,
): Promise<Server> {
  const database = await databases.create();
  const options = { databaseUrl: database.url, ...contender.options };
  const process = await startProcess<Ready>(join(folder, "servers", contender.program), {
    args: [JSON.stringify(options)],
    node: executable,
    core: serverCore,
  });
  await database.reset();
  return { contender, process, database };
}

/** @throws Error when a stack answers otherwise than the first */
export async function checkAnswers({ servers, load }: Setup): Promise<void> {
  let expected: readonly unknown[] = [];
  for (const { contender, process, database } of servers) {
    const answers = await load.ask<readonly unknown[]>("probe", process.ready);
    await database.reset();
    if (expected.length === 0) expected = answers;
    const differs = answers.findIndex(
      (answer, index) => JSON.stringify(answer) !== JSON.stringify(expected[index]),
    );
    if (differs === -1) continue;
    const pair = [answers[differs], expected[differs]].map((each) => JSON.stringify(each));
    throw new Error(`${contender.name}, probe ${differs}: ${pair.join(" instead of ")}`);
  }
}
