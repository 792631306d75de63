import { type Bench, type StackName, within } from "./bench.ts";
import { reportFailures, type Tally } from "./bystander.ts";
import type { PartOptions } from "./options.ts";
import { inTurn, type Row, rows } from "./rows.ts";

/** As ours has by default. */
const maxStreams = 100;
const counts = [150, 1000];
const shares = [0.01, 0.05, 0.3];

/** Calls on one connection, some of which are cancelled: what becomes of the others. */
export async function benchNeighbours(bench: Bench, { long }: PartOptions): Promise<Row[]> {
  const ms = long ? 60_000 : 5000;
  const cases = counts.flatMap((atOnce) =>
    shares.map((cancelled) => ({ atOnce, cancelled, figure: `${atOnce} ${cancelled}` })),
  );
  const measured = await inTurn(async (stack) => {
    const figures: Record<string, number> = {};
    for (const { figure, ...shared } of cases) {
      console.error(`neighbours: ${stack}, ${figure}`);
      figures[figure] = await failures(bench, stack, "share", { ...shared, ms });
    }
    const often = { cancelsPerSecond: 500, callsPerSecond: 50, ms };
    figures.gateway = await failures(bench, stack, "gateway", often);
    return figures;
  });
  return rows(measured, [
    ...cases.map(({ atOnce, cancelled, figure }) => ({
      figure,
      promise: `${atOnce} calls at once, ${cancelled * 100} % cancelled: others that fail`,
      most: 0,
    })),
    {
      figure: "gateway",
      promise: "500 cancellations a second on a connection: others that fail",
      most: 0,
    },
  ]);
}

async function failures(
  bench: Bench,
  stack: StackName,
  question: string,
  load: { readonly ms: number },
): Promise<number> {
  const server = await bench.server(stack, { maxStreams });
  const caller = await bench.caller();
  const { port } = server.ready;
  const counted = await within(load.ms + 30_000, caller.ask<Tally>(question, { port, ...load }));
  await bench.stopAll();
  reportFailures(counted);
  return counted?.failed ?? Number.POSITIVE_INFINITY;
}
