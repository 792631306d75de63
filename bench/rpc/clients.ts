import { join } from "node:path";
import type { Section } from "../goals.ts";
import { type MeasuredProcess, startProcess } from "./harness/process.ts";
import { interleave, pairedRatio, type Rounds, type Slice } from "./harness/rounds.ts";
import { roundsTable } from "./report.ts";
import { loadCore, type Run, type Server, startServer, stopAll } from "./run.ts";

const raw = "grpc-js callbacks + protobuf-es";

/** Programs below `programs/clients`. */
const clients: Readonly<Record<string, string>> = {
  "grpc-js callbacks, bytes": "grpc-js-bytes.mjs",
  [raw]: "grpc-js-protobuf-es.mjs",
  "grpc-js promises + protobuf-es": "grpc-js-promises.mjs",
  "nice-grpc": "nice-grpc.mjs",
  "connect-node": "connect-node.mjs",
  ours: "ours.mjs",
};

const inFlight = 32;

/** Clients against one neutral server, node:http2 with fixed bytes. */
export async function benchClients(run: Run): Promise<Section[]> {
  const server = await startServer(run, { program: "http2.mjs" });
  const started = new Map<string, MeasuredProcess<null>[]>();
  try {
    for (const [name, program] of Object.entries(clients)) {
      started.set(name, await startClients(run, server, program));
    }
    const measure = (question: "unary" | "stream"): Promise<Rounds> => {
      console.error(`clients, ${question}: ${started.size}`);
      const contenders = [...started].map(([name, processes]) => ({
        name,
        processes: processes.map((client) => () => slice(client, question, run.seconds)),
      }));
      return interleave(contenders, run.rounds);
    };
    const names = Object.keys(clients);
    const unary = await measure("unary");
    const streams = await measure("stream");
    return [
      {
        title: `Clients: unary calls, ${inFlight} in flight`,
        table: roundsTable(unary, names, raw),
        goals: [
          {
            what: `client, CPU of a unary call: ${raw}`,
            measured: pairedRatio(unary, "ours", raw, "cpuUs"),
            most: 0.85,
          },
        ],
      },
      {
        title: "Clients: messages received by server streaming",
        table: roundsTable(streams, names, raw),
        goals: [
          {
            what: `client, messages received: ${raw}`,
            measured: pairedRatio(streams, "ours", raw, "rate"),
            least: 2,
          },
        ],
      },
    ];
  } finally {
    await stopAll([...[...started.values()].flat(), server]);
  }
}

async function startClients(
  run: Run,
  server: Server,
  program: string,
): Promise<MeasuredProcess<null>[]> {
  return Promise.all(
    Array.from({ length: run.processes }, () =>
      startProcess<null>(join(run.folder, "clients", program), {
        args: [`${server.ready.port}`],
        node: run.executable,
        core: loadCore,
      }),
    ),
  );
}

async function slice(
  client: MeasuredProcess<null>,
  question: "unary" | "stream",
  seconds: number,
): Promise<Slice> {
  const { count, ms, cpuUs } = await client.ask<{
    readonly count: number;
    readonly ms: number;
    readonly cpuUs: number;
  }>(question, { inFlight, ms: seconds * 1000 });
  return { rate: (count / ms) * 1000, cpuUs: cpuUs / count };
}
