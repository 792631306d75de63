import { type Bench, now, type Prober, type Server, type StackName, sleep } from "./bench.ts";
import { atOnce, inTurn, type Row, rows } from "./rows.ts";

const causes = ["cancel", "deadline", "disconnect"] as const;
type Cause = (typeof causes)[number];

interface Open {
  readonly pattern: string;
  readonly mode: string;
  readonly reads?: boolean;
}

/** Handlers that wait to be notified. */
const waiting: readonly Open[] = ["unary", "server streaming", "client streaming", "bidi"].map(
  (pattern) => ({ pattern, mode: "wait" }),
);

/** Handlers that do not ask: they read, or send. */
const unaware: readonly Open[] = [
  { pattern: "server streaming", mode: "endless" },
  { pattern: "server streaming", mode: "stalled", reads: false },
  { pattern: "client streaming", mode: "read" },
  { pattern: "bidi", mode: "read" },
];

const deadlineMs = 300;
const attempts = 3;

/** Timeouts that do not fit into 32 bits of milliseconds. */
const farTimeouts = ["2147484S", "2562048H", "99999999H"];

/** Times of a handler; null for what has not happened. */
interface HandlerTimes {
  readonly notified: number | null;
  readonly ended: number | null;
}

/** Callers that leave: when handlers are notified, and which live on. */
export async function benchCancellation(bench: Bench): Promise<Row[]> {
  const measured = await inTurn(async (stack) => {
    console.error(`cancellation: ${stack}`);
    const server = await bench.server(stack);
    const prober = await bench.prober();
    const figures = {
      cancelMs: await latency(server, prober, "cancel"),
      deadlineMs: await latency(server, prober, "deadline"),
      disconnectMs: await latency(server, prober, "disconnect"),
      live: await liveHandlers(server, prober),
      early: await earlyDeadlines(server, prober),
    };
    await bench.stopAll();
    return figures;
  });
  const frozen = await atOnce(async (stack) => ({ ms: await frozenCaller(bench, stack) }));
  await bench.stopAll();
  const notified = "all four handlers are notified";
  const count = causes.length * (waiting.length + unaware.length);
  const left = rows(measured, [
    { figure: "cancelMs", promise: `cancelled: ${notified} within`, most: 50, unit: "ms" },
    { figure: "deadlineMs", promise: `deadline: ${notified} within`, most: 50, unit: "ms" },
    { figure: "disconnectMs", promise: `disconnected: ${notified} within`, most: 50, unit: "ms" },
    { figure: "live", promise: `handlers alive 1 s after that, of ${count}`, most: 0 },
    {
      figure: "early",
      promise: `deadlines beyond 2^31 ms that come early, of ${farTimeouts.length}`,
      most: 0,
    },
  ]);
  const promise = "caller frozen, keepalive 1 s + 1 s: handler is notified within";
  return [...left, ...rows(frozen, [{ figure: "ms", promise, most: 3000, unit: "ms" }])];
}

let opened = 0;

/** Opens a call, and gives it a reason to end. */
async function leave(
  prober: Prober,
  port: number,
  open: Open,
  cause: Cause,
): Promise<{ readonly id: string; readonly at: number }> {
  opened += 1;
  const id = `${opened}`;
  const timeout = cause === "deadline" ? { timeout: `${deadlineMs}m` } : {};
  const { at } = await prober.ask<{ readonly at: number }>("open", {
    port,
    id,
    ...open,
    ...timeout,
  });
  if (cause === "deadline") return { id, at: at + deadlineMs };
  return { id, at: (await prober.ask<{ readonly at: number }>(cause, { id })).at };
}

async function timesOf(server: Server, id: string): Promise<HandlerTimes> {
  const never = { notified: null, ended: null };
  return (await server.ask<HandlerTimes | null>("handler", { id })) ?? never;
}

/** The slowest pattern in the best of several attempts: a busy machine is late, never early. */
async function latency(server: Server, prober: Prober, cause: Cause): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const left = await Promise.all(
      waiting.map((open) => leave(prober, server.ready.port, open, cause)),
    );
    await sleep(cause === "deadline" ? deadlineMs + 500 : 500);
    const latencies = await Promise.all(
      left.map(async ({ id, at }) => {
        const { notified } = await timesOf(server, id);
        return notified === null ? Number.POSITIVE_INFINITY : Math.max(0, notified - at);
      }),
    );
    best = Math.min(best, Math.max(...latencies));
  }
  return best;
}

async function liveHandlers(server: Server, prober: Prober): Promise<number> {
  const { port } = server.ready;
  const calls = causes.flatMap((cause) =>
    [...waiting, ...unaware].map((open) => ({ open, cause })),
  );
  const left = await Promise.all(calls.map(({ open, cause }) => leave(prober, port, open, cause)));
  await sleep(deadlineMs + 1000);
  const times = await Promise.all(left.map(({ id }) => timesOf(server, id)));
  return times.filter(({ ended }) => ended === null).length;
}

async function earlyDeadlines(server: Server, prober: Prober): Promise<number> {
  const outcomes = await Promise.all(
    farTimeouts.map((timeout) =>
      prober.ask<{ readonly status: string | null }>("call", {
        port: server.ready.port,
        pattern: "unary",
        mode: "slow",
        timeout,
      }),
    ),
  );
  return outcomes.filter(({ status }) => status !== "0").length;
}

/** A caller that neither reads nor hangs up, as after a lost network. */
async function frozenCaller(bench: Bench, stack: StackName): Promise<number> {
  const channelOptions = { "grpc.keepalive_time_ms": 1000, "grpc.keepalive_timeout_ms": 1000 };
  const server = await bench.server(stack, { channelOptions });
  const prober = await bench.prober();
  const open = { pattern: "server streaming", mode: "wait" };
  await prober.ask("open", { port: server.ready.port, id: "frozen", ...open });
  const start = now();
  prober.kill("SIGSTOP");
  let notified: number | null = null;
  while (notified === null && now() - start < 5000) {
    await sleep(50);
    ({ notified } = await timesOf(server, "frozen"));
  }
  return notified === null ? Number.POSITIVE_INFINITY : notified - start;
}
