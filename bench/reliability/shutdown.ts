import {
  type Bench,
  now,
  type Prober,
  type Server,
  type StackName,
  sleep,
  within,
} from "./bench.ts";
import { rollingRestart } from "./rolling-restart.ts";
import { atOnce, inTurn, type Row, rows } from "./rows.ts";

/** What servers that take one are given; see `programs/servers/options.mjs`. */
const graceMs = 2000;
const patienceMs = 6000;

/** SIGTERM with callers of every kind, and one server after the other in their place. */
export async function benchShutdown(bench: Bench): Promise<Row[]> {
  console.error("shutdown");
  const held = await atOnce(async (stack) => ({
    silentMs: await exitTime(bench, stack, (prober, port) => prober.ask("beSilent", { port })),
    endlessMs: await exitTime(bench, stack, (prober, port) =>
      prober.ask("open", { port, id: "1", pattern: "server streaming", mode: "endless" }),
    ),
    lost: await lostCalls(bench, stack),
  }));
  await bench.stopAll();
  const rolled = await inTurn(async (stack) => {
    console.error(`rolling restart: ${stack}`);
    return { failed: await rollingRestart(bench, stack) };
  });
  return [
    ...rows(held, [
      {
        figure: "silentMs",
        promise: "SIGTERM with silent sockets: the process ends within",
        most: graceMs + 1000,
        unit: "ms",
      },
      {
        figure: "endlessMs",
        promise: "SIGTERM with an endless stream, grace 2 s: it ends within",
        most: graceMs + 1000,
        unit: "ms",
      },
      { figure: "lost", promise: "SIGTERM under 100 unary calls and 10 streams: lost", most: 0 },
    ]),
    ...rows(rolled, [
      { figure: "failed", promise: "3 rolling restarts under 20 clients: failed calls", most: 0 },
    ]),
  ];
}

/** From SIGTERM until the process has ended. */
async function exitTime(
  bench: Bench,
  stack: StackName,
  occupy: (prober: Prober, port: number) => Promise<unknown>,
): Promise<number> {
  const server = await bench.server(stack);
  const prober = await bench.prober();
  await occupy(prober, server.ready.port);
  return terminate(server);
}

async function terminate(server: Server): Promise<number> {
  const start = now();
  server.kill("SIGTERM");
  const ended = await within(
    patienceMs,
    server.ended.then(() => true),
  );
  return ended === undefined ? Number.POSITIVE_INFINITY : now() - start;
}

async function lostCalls(bench: Bench, stack: StackName): Promise<number> {
  const server = await bench.server(stack);
  const prober = await bench.prober();
  const load = { port: server.ready.port, unary: 100, streams: 10 };
  const calls = load.unary + load.streams;
  const running = prober.ask<{ readonly lost: number }>("load", load);
  // They take a second each.
  const underWay = async () => {
    while ((await server.ask<number>("slow")) < calls) await sleep(5);
  };
  await within(5000, underWay());
  await terminate(server);
  return (await running).lost;
}
