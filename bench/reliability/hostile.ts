import { type Bench, type StackName, within } from "./bench.ts";
import { atOnce, type Row, rows } from "./rows.ts";

const deadlineMs = 800;
/** What a call may take after its deadline before it counts as hanging. */
const patienceMs = 1500;

/** Servers that break every rule, and clients that must come to an end. */
export async function benchHostile(bench: Bench): Promise<Row[]> {
  const hostile = await bench.hostileServer();
  const modes = Object.entries(hostile.ready.ports).filter(([mode]) => mode !== "echo");
  const cases = modes.flatMap(([mode, port]) =>
    ["unary", "stream"].map((pattern) => ({ address: `127.0.0.1:${port}`, mode, pattern })),
  );
  console.error(`hostile servers: ${cases.length} calls`);
  const measured = await atOnce((stack) => callAll(bench, stack, cases));
  await bench.stopAll();
  const of = `of ${cases.length}`;
  return rows(measured, [
    {
      figure: "open",
      promise: `hostile servers: calls that do not end by their deadline, ${of}`,
      most: 0,
    },
    {
      figure: "died",
      promise: `hostile servers: calls that end the client's process, ${of}`,
      most: 0,
    },
    {
      figure: "lawless",
      promise: `hostile servers: calls that end with no legal status, ${of}`,
      most: 0,
    },
  ]);
}

async function callAll(
  bench: Bench,
  stack: StackName,
  cases: readonly { readonly address: string; readonly mode: string; readonly pattern: string }[],
): Promise<Record<"open" | "died" | "lawless", number>> {
  const count = { open: 0, died: 0, lawless: 0 };
  let client = await bench.client(stack);
  for (const hostileCase of cases) {
    const call = client.ask<{ readonly code: string }>("call", { ...hostileCase, deadlineMs });
    const outcome = await within(deadlineMs + patienceMs, call);
    if (outcome !== undefined && isStatus(outcome.code)) continue;
    const fault = outcome !== undefined ? "lawless" : client.isRunning ? "open" : "died";
    count[fault] += 1;
    if (stack === "ours") {
      console.error(`ours: ${hostileCase.pattern} to ${hostileCase.mode}: ${fault}`);
    }
    if (fault === "lawless") continue;
    await client.stop();
    client = await bench.client(stack);
  }
  return count;
}

/** A number of gRPC, or the name of one. */
function isStatus(code: string): boolean {
  return /^[A-Z][A-Z_]+$/.test(code) || (/^\d+$/.test(code) && Number(code) <= 16);
}
