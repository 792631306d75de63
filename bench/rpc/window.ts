import { join } from "node:path";
import { table } from "../../tooling/table.ts";
import type { Goal, Section } from "../goals.ts";
import { median } from "../median.ts";
import { type MeasuredProcess, startProcess } from "./harness/process.ts";
import { shuffled } from "./harness/rounds.ts";
import { loadCore, type Run, startServer, stopAll } from "./run.ts";

interface Windows {
  readonly name: string;
  readonly server: string;
  readonly client: "grpc-js" | "ours";
  /** Bytes that may be under way before they are read; undefined leaves it to the stack. */
  readonly bytes?: number;
}

const rivals: readonly Windows[] = [
  { name: "grpc-js, its defaults", server: "grpc-js-protobuf-es.mjs", client: "grpc-js" },
  { name: "ours, its defaults", server: "ours.mjs", client: "ours" },
  { name: "ours, 1 MiB", server: "ours.mjs", client: "ours", bytes: 1024 ** 2 },
  { name: "ours, 16 MiB", server: "ours.mjs", client: "ours", bytes: 16 * 1024 ** 2 },
];

const chunkBytes = 256 * 1024;
const roundTripMs = 20;
const sliceMs = 2000;

type Direction = "download" | "upload";

/** Large messages over a distance: how much is under way is what the flow control window allows. */
export async function benchWindow(run: Run): Promise<Section> {
  const clients = new Map<string, MeasuredProcess<null>>();
  const processes: MeasuredProcess<unknown>[] = [];
  try {
    for (const rival of rivals) {
      const server = await startServer(run, { program: rival.server, args: serverArgs(rival) });
      processes.push(server);
      const proxy = await startProcess<{ readonly port: number }>(
        join(run.folder, "delay-proxy.mjs"),
        { args: [`${server.ready.port}`, `${roundTripMs / 2}`], core: loadCore },
      );
      processes.push(proxy);
      const client = await startProcess<null>(join(run.folder, "clients", "transfer.mjs"), {
        args: [clientArgs(rival, proxy.ready.port)],
        node: run.executable,
        core: loadCore,
      });
      processes.push(client);
      clients.set(rival.name, client);
    }
    return section(run, await measure(clients, run));
  } finally {
    await stopAll(processes);
  }
}

function serverArgs({ bytes }: Windows): string[] {
  return bytes === undefined ? [] : [JSON.stringify({ limits: { flowControlWindowBytes: bytes } })];
}

function clientArgs({ client, bytes }: Windows, port: number): string {
  const channelOptions = bytes === undefined ? {} : { "grpc-node.flow_control_window": bytes };
  return JSON.stringify({
    address: `127.0.0.1:${port}`,
    stack: client,
    channelOptions,
    chunkBytes,
  });
}

/** MiB a second, by rival and direction. */
async function measure(
  clients: ReadonlyMap<string, MeasuredProcess<null>>,
  { rounds }: Run,
): Promise<(name: string, direction: Direction) => number> {
  console.error(`windows: ${clients.size} clients`);
  const rates = new Map<string, number[]>();
  const key = (name: string, direction: Direction) => `${direction} ${name}`;
  // The distance decides, not the machine: few rounds do.
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    for (const [name, client] of shuffled([...clients])) {
      for (const direction of ["download", "upload"] as const) {
        const { bytes, ms } = await client.ask<{ readonly bytes: number; readonly ms: number }>(
          direction,
          { ms: sliceMs },
        );
        const rate = bytes / 1024 ** 2 / (ms / 1000);
        rates.set(key(name, direction), [...(rates.get(key(name, direction)) ?? []), rate]);
      }
    }
  }
  return (name, direction) => median(rates.get(key(name, direction)) ?? []);
}

function section(run: Run, rate: (name: string, direction: Direction) => number): Section {
  const times = (direction: Direction) => {
    return rate("ours, 1 MiB", direction) / rate("grpc-js, its defaults", direction);
  };
  const goals: Goal[] = [
    { what: "download, windows of 1 MiB: grpc-js", measured: times("download"), least: 10 },
  ];
  // Before Node 24 a server cannot reach its windows.
  const major = Number(run.node ?? process.versions.node.split(".")[0]);
  if (major >= 24) {
    goals.push({ what: "upload, windows of 1 MiB: grpc-js", measured: times("upload"), least: 7 });
  }
  return {
    title: `Messages of ${chunkBytes / 1024} KiB at ${roundTripMs} ms round trip, MiB/s`,
    table: table(
      ["", "download", "upload"],
      rivals.map(({ name }) => [
        name,
        rate(name, "download").toFixed(1),
        rate(name, "upload").toFixed(1),
      ]),
    ),
    goals,
  };
}
