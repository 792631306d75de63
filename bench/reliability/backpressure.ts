import { type Bench, type StackName, within } from "./bench.ts";
import { peakGrowth } from "./growth.ts";
import { inTurn, type Row, rows } from "./rows.ts";

const watchMs = 4000;

interface Strain {
  readonly growthMb: number;
  readonly delayMs: number;
}

/** Readers that do not read: the memory it costs, and what others wait. */
export async function benchBackpressure(bench: Bench): Promise<Row[]> {
  const measured = await inTurn(async (stack) => {
    console.error(`backpressure: ${stack}`);
    const stalled = await strain(bench, stack, "stalled reader");
    const unread = await strain(bench, stack, "unread chat");
    return {
      stalledMb: stalled.growthMb,
      stalledDelayMs: stalled.delayMs,
      unreadMb: unread.growthMb,
      unreadDelayMs: unread.delayMs,
      clientStreamMb: await clientGrowth(bench, stack, "server streaming"),
      clientBidiMb: await clientGrowth(bench, stack, "bidi"),
    };
  });
  const mb = "MB" as const;
  const ms = "ms" as const;
  return rows(measured, [
    {
      figure: "stalledMb",
      promise: "server: 1 000 000 x 1 KiB to a stalled reader, growth",
      most: 32,
      unit: mb,
    },
    { figure: "stalledDelayMs", promise: "other calls meanwhile, slowest", most: 50, unit: ms },
    {
      figure: "unreadMb",
      promise: "server: bidi echo to a caller who never reads, growth",
      most: 64,
      unit: mb,
    },
    { figure: "unreadDelayMs", promise: "other calls meanwhile, slowest", most: 50, unit: ms },
    {
      figure: "clientStreamMb",
      promise: "client: a flood by server streaming that it stops reading, growth",
      most: 32,
      unit: mb,
    },
    {
      figure: "clientBidiMb",
      promise: "client: a flood by bidi that it does not read, growth",
      most: 32,
      unit: mb,
    },
  ]);
}

async function strain(
  bench: Bench,
  stack: StackName,
  how: "stalled reader" | "unread chat",
): Promise<Strain> {
  const server = await bench.server(stack);
  const [caller, other] = [await bench.prober(), await bench.prober()];
  const { port } = server.ready;
  const mode = "echo";
  for (const pattern of ["unary", "server streaming", "bidi"]) {
    for (let call = 0; call < 50; call += 1) await other.ask("call", { port, pattern, mode });
  }
  await other.ask("startPings", { port });
  const growing = peakGrowth(server, watchMs);
  const work =
    how === "stalled reader"
      ? caller.ask("open", {
          port,
          id: "1",
          pattern: "server streaming",
          mode: "flood",
          reads: false,
        })
      : caller.ask("sendUnread", { port, ms: watchMs });
  const growthMb = await growing;
  const pings = await within(10_000, other.ask<{ readonly worstMs: number | null }>("stopPings"));
  await within(1000, work);
  await bench.stopAll();
  return { growthMb, delayMs: pings?.worstMs ?? Number.POSITIVE_INFINITY };
}

async function clientGrowth(bench: Bench, stack: StackName, pattern: string): Promise<number> {
  const [hostile, client] = [await bench.hostileServer(), await bench.client(stack)];
  const address = (mode: string) => `127.0.0.1:${hostile.ready.ports[mode]}`;
  for (const kind of ["unary", "stream"]) {
    for (let call = 0; call < 20; call += 1) {
      const echo = { address: address("echo"), pattern: kind, mode: "echo", deadlineMs: 5000 };
      await within(5000, client.ask("call", echo));
    }
  }
  const growing = peakGrowth(client, watchMs);
  const mode = "endless replies";
  await within(watchMs, client.ask("readOne", { address: address(mode), pattern, mode }));
  const growth = await growing;
  await bench.stopAll();
  return growth;
}
