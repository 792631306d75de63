import type { Bench, StackName } from "./bench.ts";
import { type Disturbance, disturb, warmUp } from "./bystander.ts";
import { inTurn, type Row, rows } from "./rows.ts";

const connections = 4;
const each = 5000;
const attempts = 3;

/** Calls that are reset at once: what the server does for nobody, and what it costs others. */
export async function benchResets(bench: Bench): Promise<Row[]> {
  const measured = await inTurn(async (stack) => {
    const disturbances: Disturbance[] = [];
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      console.error(`resets: ${stack}`);
      disturbances.push(await flood(bench, stack));
    }
    return {
      // A busy machine is late, never early.
      stallMs: Math.min(...disturbances.map(({ stallMs }) => stallMs)),
      failed: Math.max(...disturbances.map(({ failed }) => failed)),
    };
  });
  return rows(measured, [
    {
      figure: "stallMs",
      promise: "20 000 calls that are reset at once: the server stands still for",
      most: 300,
      unit: "ms",
    },
    { figure: "failed", promise: "calls of another client that fail meanwhile", most: 0 },
  ]);
}

async function flood(bench: Bench, stack: StackName): Promise<Disturbance> {
  const server = await bench.server(stack);
  const [bystander, attacker] = [await bench.caller(), await bench.attacker()];
  await warmUp(bench, server);
  const { port } = server.ready;
  const disturbance = await disturb(bystander, server, () =>
    attacker.ask("reset", { port, connections, each }),
  );
  await bench.stopAll();
  return disturbance;
}
