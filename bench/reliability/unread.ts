import { type Bench, type Server, type StackName, sleep, stacks, within } from "./bench.ts";
import { disturb, warmUp } from "./bystander.ts";
import { peakGrowth } from "./growth.ts";
import { atOnce, inTurn, type Row, rows } from "./rows.ts";

const megabyte = 1024 ** 2;
/** How long the callers keep their streams and their uploads. */
const watchMs = 8000;
/** Longer than ours waits for a caller who takes nothing. */
const holdMs = 35_000;
/** Between the attacks on the stacks, so that no server has to work while another one does. */
const apartMs = 8000;

type Cost = Readonly<Record<"growthMb" | "stallMs" | "failed", number>>;

/** What a server keeps for callers who neither take their answers nor complete their requests. */
export async function benchUnread(bench: Bench): Promise<Row[]> {
  const streams = await inTurn((stack) =>
    cost(bench, stack, "stall", { connections: 20, each: 100 }),
  );
  const uploads = await inTurn((stack) => cost(bench, stack, "upload", { count: 50 }));
  console.error("unread: answers");
  const answers = await atOnce((stack) => heldAnswers(bench, stack));
  await bench.stopAll();
  const [mb, ms] = ["MB", "ms"] as const;
  const others = "calls of another client that fail meanwhile";
  const still = "the server stands still for";
  return [
    ...rows(streams, [
      {
        figure: "growthMb",
        promise: "2 000 streams to 20 connections that are not read: growth",
        most: 64,
        unit: mb,
      },
      { figure: "stallMs", promise: still, most: 300, unit: ms },
      { figure: "failed", promise: others, most: 0 },
    ]),
    ...rows(answers, [
      {
        figure: "heldMb",
        promise: "50 answers of 4 MB that are not read: held after 35 s",
        most: 8,
        unit: mb,
      },
      { figure: "failed", promise: others, most: 0 },
    ]),
    ...rows(uploads, [
      {
        figure: "growthMb",
        promise: "50 requests of 4 MB that do not end: growth",
        most: 128,
        unit: mb,
      },
      { figure: "failed", promise: others, most: 0 },
    ]),
  ];
}

async function cost(bench: Bench, stack: StackName, attack: string, size: object): Promise<Cost> {
  console.error(`unread: ${stack}, ${attack}`);
  const server = await bench.server(stack);
  const [bystander, attacker] = [await bench.caller(), await bench.attacker()];
  await warmUp(bench, server);
  let growthMb = Number.NaN;
  const disturbance = await disturb(bystander, server, async () => {
    const growing = peakGrowth(server, watchMs);
    await within(watchMs, attacker.ask(attack, { port: server.ready.port, ...size }));
    growthMb = await growing;
  });
  await bench.stopAll();
  return { growthMb, ...disturbance };
}

async function heldAnswers(
  bench: Bench,
  stack: StackName,
): Promise<{ readonly heldMb: number; readonly failed: number }> {
  const server = await bench.server(stack);
  const [bystander, attacker] = [await bench.caller(), await bench.attacker()];
  await warmUp(bench, server);
  await sleep(apartMs * stacks.indexOf(stack));
  const before = await heldBytes(server);
  let after = Number.NaN;
  const { failed } = await disturb(bystander, server, async () => {
    await attacker.ask("leaveAnswers", { port: server.ready.port, count: 50 });
    await sleep(holdMs);
    after = await heldBytes(server);
  });
  return { heldMb: (after - before) / megabyte, failed };
}

/** By the server's own account: the allocator does not give all of it back at once. */
async function heldBytes(server: Server): Promise<number> {
  return (await within(10_000, server.ask<number>("heldBytes"))) ?? Number.NaN;
}
