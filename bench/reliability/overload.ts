import { type Bench, type StackName, sleep, within } from "./bench.ts";
import { inTurn, type Row, rows } from "./rows.ts";

/** The part of what a server can do at most that it is offered as its peak. */
const peak = 0.9;
const times = 6;
const connections = 8;
const atOnce = 16;
const timeoutMs = 1000;
const seconds = 8;

interface Work {
  readonly mode: string;
  readonly number: number;
  /** What ours is told of the work. */
  readonly limits?: Readonly<Record<string, number>>;
}

const works: Readonly<Record<string, Work>> = {
  "compute 15 ms": { mode: "compute", number: 15 },
  "wait for a permit": { mode: "permit", number: 150, limits: { maxRunningCalls: 20 } },
};

interface Served {
  /** Calls a second that ended with OK before their deadline. */
  readonly goodput: number;
  /** Of those; null if there was none. */
  readonly p99Ms: number | null;
}

/** Callers who ask for more than a server can do: how much of what it can do it still does. */
export async function benchOverload(bench: Bench): Promise<Row[]> {
  const all: Row[] = [];
  for (const [name, work] of Object.entries(works)) {
    const measured = await inTurn((stack) => overload(bench, stack, name, work));
    const offered = `${name}, offered ${times} x what they can do`;
    all.push(
      ...rows(measured, [
        {
          figure: "lostPercent",
          promise: `handlers ${offered}: goodput lost`,
          most: 20,
          unit: "%",
        },
        {
          figure: "p99Times",
          promise: "99th percentile of the calls that are served, to that before",
          most: 5,
          unit: "x",
        },
      ]),
    );
  }
  return all;
}

async function overload(
  bench: Bench,
  stack: StackName,
  name: string,
  { limits = {}, ...work }: Work,
): Promise<{ readonly lostPercent: number; readonly p99Times: number }> {
  const server = await bench.server(stack, { limits });
  const caller = await bench.caller();
  const { port } = server.ready;
  const offer = async (perSecond: number, ms: number): Promise<Served> => {
    const load = { port, connections, timeoutMs, perSecond, ms, ...work };
    const served = await within(ms + 30_000, caller.ask<Served>("offer", load));
    return served ?? { goodput: 0, p99Ms: null };
  };
  const most = { port, connections, atOnce, ms: 3000, ...work };
  const capacity = await caller.ask<number>("capacity", most);
  const once = await offer(peak * capacity, seconds * 1000);
  await sleep(1000);
  const over = await offer(peak * times * capacity, seconds * 1000);
  await bench.stopAll();
  const found = `${shown(once)}, then ${shown(over)}`;
  console.error(`overload: ${stack}, ${name}: of ${capacity.toFixed(0)}/s ${found}`);
  return {
    lostPercent: 100 * Math.max(0, 1 - over.goodput / once.goodput),
    p99Times: (over.p99Ms ?? Number.POSITIVE_INFINITY) / (once.p99Ms ?? Number.NaN),
  };
}

function shown({ goodput, p99Ms }: Served): string {
  return `${goodput.toFixed(0)}/s in ${p99Ms?.toFixed(0) ?? "-"} ms`;
}
