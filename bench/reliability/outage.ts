import { type Bench, now, type StackName, sleep, within } from "./bench.ts";
import { atOnce, type Row, rows } from "./rows.ts";

const outageMs = 6000;
const watchMs = 4000;

interface LoadResult {
  readonly failed: number;
  /** When the first call ended well after the server was back. */
  readonly firstWellAt: number | null;
}

/** A server that is killed and comes back, with calls that wait where the stack knows how to. */
export async function benchOutage(bench: Bench): Promise<Row[]> {
  console.error("outage");
  const measured = await atOnce((stack) => outage(bench, stack));
  await bench.stopAll();
  return rows(measured, [
    { figure: "failed", promise: "server killed for 6 s: calls that failed, of about 55", most: 0 },
    {
      figure: "recoveryMs",
      promise: "server is back: the next call succeeds within",
      most: 1500,
      unit: "ms",
    },
  ]);
}

async function outage(
  bench: Bench,
  stack: StackName,
): Promise<{ readonly failed: number; readonly recoveryMs: number }> {
  const server = await bench.server(stack);
  const client = await bench.client(stack);
  const { port } = server.ready;
  const deadlineMs = outageMs + watchMs + 5000;
  const address = `127.0.0.1:${port}`;
  const load = { address, clients: 1, everyMs: 200, deadlineMs, waits: true };
  await client.ask("startLoad", load);
  await sleep(1000);
  await server.stop();
  await sleep(outageMs);
  await bench.server(stack, { port });
  const since = now();
  await sleep(watchMs);
  const result = await within(deadlineMs + 2000, client.ask<LoadResult>("stopLoad", { since }));
  if (result === undefined) return { failed: Number.NaN, recoveryMs: Number.NaN };
  const { failed, firstWellAt } = result;
  const recoveryMs = firstWellAt === null ? Number.POSITIVE_INFINITY : firstWellAt - since;
  return { failed, recoveryMs };
}
