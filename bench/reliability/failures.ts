import { type Bench, type Server, type StackName, sleep, within } from "./bench.ts";
import { atOnce, type Row, rows } from "./rows.ts";

const anywhere = ["throw", "reject", "plain error", "non-error", "surrogate", "interceptor"];
const once = ["nothing", "twice", "unencodable"];
const sent = ["bad trailer", "bad code", "control", "long", "interceptor afterwards"];

/** Ways for a handler to fail; what a stack gives no way to do it gets right. */
const modes: Readonly<Record<string, readonly string[]>> = {
  unary: [...anywhere, ...once, ...sent],
  "server streaming": [
    ...anywhere,
    ...sent,
    ...["unencodable", "after a message", "finally", "write after end"],
  ],
  "client streaming": [...anywhere, ...once, "on a message", "early"],
  bidi: [...anywhere, "unencodable", "on a message", "after a message", "early"],
};

export const failureModes = Object.values(modes).flat().length;

interface Outcome {
  readonly ended: boolean;
  /** The value of `grpc-status`; null when none came. */
  readonly status: string | null;
  readonly text: string;
  /** Replies that came. */
  readonly received: number;
}

type Fault = "died" | "open" | "illegal" | "leaked";

/** Lets handlers fail in every way, and sees what becomes of call and process. */
export async function benchFailures(bench: Bench): Promise<Row[]> {
  console.error(`failure modes: ${failureModes}`);
  const measured = await atOnce((stack) => failEveryWay(bench, stack));
  const of = `of ${failureModes} failure modes`;
  return rows(measured, [
    { figure: "died", promise: `end the process, ${of}`, most: 0 },
    { figure: "open", promise: `leave the call open, ${of}`, most: 0 },
    { figure: "illegal", promise: `end it without a legal status or reply twice, ${of}`, most: 0 },
    { figure: "leaked", promise: `tell the caller internals, ${of}`, most: 0 },
  ]);
}

async function failEveryWay(bench: Bench, stack: StackName): Promise<Record<Fault, number>> {
  const count = { died: 0, open: 0, illegal: 0, leaked: 0 };
  const prober = await bench.prober();
  let server = await bench.server(stack);
  const call = (pattern: string, mode: string) =>
    within(5000, prober.ask<Outcome>("call", { port: server.ready.port, pattern, mode }));
  for (const [pattern, ofPattern] of Object.entries(modes)) {
    for (const mode of ofPattern) {
      const faults = faultsOf(pattern, await call(pattern, mode));
      const alive = await isAlive(server, call);
      const found: readonly Fault[] = alive ? faults : ["died"];
      for (const fault of found) count[fault] += 1;
      if (stack === "ours" && found.length > 0) {
        console.error(`ours: ${pattern}, ${mode}: ${found.join(", ")}`);
      }
      if (alive) continue;
      await server.stop();
      server = await bench.server(stack);
    }
  }
  return count;
}

function faultsOf(pattern: string, outcome: Outcome | undefined): Fault[] {
  if (outcome === undefined || !outcome.ended) return ["open"];
  const { status, text, received } = outcome;
  const most = pattern === "unary" || pattern === "client streaming" ? 1 : Infinity;
  const known = status !== null && /^\d+$/.test(status) && Number(status) <= 16;
  const legal = known && received <= most;
  return [
    ...(legal ? [] : (["illegal"] as const)),
    ...(text.includes("secret-of-the-server") ? (["leaked"] as const) : []),
  ];
}

async function isAlive(
  server: Server,
  call: (pattern: string, mode: string) => Promise<Outcome | undefined>,
): Promise<boolean> {
  // A rejection ends the process after its call.
  await sleep(20);
  return server.isRunning && (await call("unary", "echo"))?.status === "0";
}
