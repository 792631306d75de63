import {
  type Bench,
  type Server,
  type ServerSettings,
  type StackName,
  sleep,
  within,
} from "./bench.ts";
import type { PartOptions } from "./options.ts";
import { atOnce, type Row, rows } from "./rows.ts";

const each = 10;
/** Calls of the four patterns. */
const calls = 4 * each;
const ageMs = 300;
const timeoutMs = 10_000;

type Pinging = "server" | "client";
type Cause = "SIGTERM" | "connection of 300 ms";

/** Calls that still run while their connection takes no further ones, and is pinged. */
export async function benchDraining(bench: Bench, { long }: PartOptions): Promise<Row[]> {
  const all: Row[] = [];
  for (const pingMs of [100, 1000, ...(long ? [30_000] : [])]) {
    for (const cause of ["SIGTERM", "connection of 300 ms"] as const) {
      for (const pinging of ["server", "client"] as const) {
        const promise = `${cause}, ${pinging} pings every ${pingMs} ms: calls lost, of ${calls}`;
        console.error(promise);
        const measured = await atOnce(async (stack) => ({
          lost: await lostCalls(bench, stack, { pingMs, cause, pinging }),
        }));
        await bench.stopAll();
        all.push(...rows(measured, [{ figure: "lost", promise, most: 0 }]));
      }
    }
  }
  return all;
}

interface Situation {
  readonly pingMs: number;
  readonly cause: Cause;
  readonly pinging: Pinging;
}

async function lostCalls(
  bench: Bench,
  stack: StackName,
  { pingMs, cause, pinging }: Situation,
): Promise<number> {
  // Its server has no pings of its own, and its connections do not age.
  if (stack === "connect-node" && (cause !== "SIGTERM" || pinging === "server")) return Number.NaN;
  // Time for two pings after the server has begun to go.
  const ms = 1000 + 2.5 * pingMs;
  const graceMs = ms + timeoutMs;
  const channelOptions = {
    ...(pinging === "server" && pings(pingMs)),
    ...(cause !== "SIGTERM" && ages(graceMs)),
  };
  const settings: ServerSettings = { graceMs, channelOptions };
  const server = await bench.server(stack, settings);
  const caller = await (pinging === "server" ? bench.caller() : bench.client(stack));
  const { port } = server.ready;
  const target = { port, address: `127.0.0.1:${port}`, pingMs };
  const resting = caller.ask<{ readonly lost: number }>("rest", { ...target, each, ms });
  if (cause === "SIGTERM") {
    await within(timeoutMs, allRunning(server));
    server.kill("SIGTERM");
  }
  return (await within(graceMs + timeoutMs, resting))?.lost ?? calls;
}

async function allRunning(server: Server): Promise<void> {
  while ((await server.ask<number>("slow")) < calls) await sleep(5);
}

function pings(pingMs: number): Readonly<Record<string, number>> {
  return { "grpc.keepalive_time_ms": pingMs, "grpc.keepalive_timeout_ms": timeoutMs };
}

function ages(graceMs: number): Readonly<Record<string, number>> {
  return {
    "grpc.max_connection_age_ms": ageMs,
    "grpc.max_connection_age_grace_ms": graceMs,
  };
}
