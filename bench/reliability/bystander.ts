import { type Bench, type Prober, type Server, sleep, within } from "./bench.ts";

/** What a caller says of its calls. */
export interface Tally {
  readonly calls: number;
  readonly failed: number;
  /** How often calls ended in which other way than well. */
  readonly codes: Readonly<Record<string, number>>;
  readonly worstMs: number;
}

export interface Disturbance {
  /** The longest time for which the event loop of the server stood still. */
  readonly stallMs: number;
  /** Calls of the bystander that failed; Infinity when the server was lost. */
  readonly failed: number;
}

const warmUpMs = 2000;
/** For a server that is late. */
const patienceMs = 60_000;

/** Calls of all kinds, so that what follows does not pay for the start. */
export async function warmUp(bench: Bench, server: Server): Promise<void> {
  const prober = await bench.prober();
  const { port } = server.ready;
  for (const pattern of ["unary", "server streaming", "bidi"]) {
    for (let call = 0; call < 50; call += 1) {
      await prober.ask("call", { port, pattern, mode: "echo" });
    }
  }
  await prober.stop();
}

/** Has a server attacked while a bystander calls it from a process of its own. */
export async function disturb(
  bystander: Prober,
  server: Server,
  attack: () => Promise<unknown>,
): Promise<Disturbance> {
  await bystander.ask("startCalls", { port: server.ready.port });
  await sleep(warmUpMs);
  await server.ask("watchLoop");
  await within(patienceMs, attack());
  const stallMs = await within(patienceMs, server.ask<number>("longestStall"));
  const calls = await within(patienceMs, bystander.ask<Tally>("stopCalls"));
  reportFailures(calls);
  const lost = Number.POSITIVE_INFINITY;
  return { stallMs: stallMs ?? lost, failed: server.isRunning ? (calls?.failed ?? lost) : lost };
}

/** On standard error: why calls failed. */
export function reportFailures(tally: Tally | undefined): void {
  if (tally === undefined) console.error("  no answer");
  else if (tally.failed > 0) {
    const { failed, calls, codes } = tally;
    console.error(`  ${failed} of ${calls} failed: ${JSON.stringify(codes)}`);
  }
}
