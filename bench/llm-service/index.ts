import { rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { table } from "../../tooling/table.ts";
import { buildStarter } from "../build-starter.ts";
import { endWith } from "../end-with.ts";
import type { Section } from "../goals.ts";
import { printSections } from "../parts.ts";
import { startProcess } from "../rpc/harness/process.ts";
import { loadCore, type Ready, serverCore, type Usage } from "../rpc/run.ts";

interface Quantiles {
  readonly min: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** What the callers saw, in milliseconds and tokens per second. */
interface Seen {
  readonly firstMs: Quantiles;
  readonly gapMs: Quantiles;
  readonly rate: Quantiles;
  readonly tokens: number;
}

/** How late the event loop of the server was, in milliseconds, and the part of the time in which it was busy. */
interface Lateness {
  readonly max: number;
  readonly p99: number;
  /** Most CPU time of the server between two ticks of its event loop. */
  readonly work: number;
  readonly utilization: number;
}

/** Measures many streams of the local model at once, on a server with one core. Ends with 1 for a missed goal. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      streams: { type: "string", default: "200" },
      rate: { type: "string", default: "50" },
      seconds: { type: "string", default: "10" },
    },
  });
  const programs = fileURLToPath(new URL("programs", import.meta.url));
  const project = await buildStarter("llm", programs);
  try {
    const [streams = 0, rate = 0, seconds = 0] = [values.streams, values.rate, values.seconds].map(
      Number,
    );
    const code = await printSections([() => measure(project, { streams, rate, seconds })]);
    console.log(`\nLoad average: ${loadavg().map((load) => load.toFixed(1))}`);
    return code;
  } finally {
    await rm(dirname(project), { recursive: true, force: true });
  }
}

async function measure(
  project: string,
  { streams, rate, seconds }: { streams: number; rate: number; seconds: number },
): Promise<Section> {
  const program = (name: string) => join(project, "bench", name);
  const args = [JSON.stringify({ tokensPerSecond: rate })];
  const server = await startProcess<Ready>(program("server.mjs"), { args, core: serverCore });
  const load = await startProcess<null>(program("load.mjs"), { core: loadCore });
  try {
    const call = { ...server.ready, streams };
    await load.ask("generate", { ...call, maxTokens: 2 * rate }); // warms up
    await server.ask("begin");
    const before = await server.ask<Usage>("usage");
    const startMs = performance.now();
    const seen = await load.ask<Seen>("generate", { ...call, maxTokens: seconds * rate });
    const tookMs = performance.now() - startMs;
    const after = await server.ask<Usage>("usage");
    const late = await server.ask<Lateness>("lateness");
    const left = await server.ask<{ running: number; waiting: number }>("left");
    const cpuUs = after.cpuUs - before.cpuUs;
    const row = (name: string, { min, median, p99, max }: Quantiles) => [
      name,
      ...[min, median, p99, max].map((value) => value.toFixed(1)),
    ];
    return {
      title: `${streams} streams of ${rate} tokens/s for ${seconds} s, server on one core`,
      table: [
        table(
          ["as the callers see it", "min", "median", "p99", "max"],
          [
            row("first token, ms", seen.firstMs),
            row("between two tokens, ms", seen.gapMs),
            row("tokens/s of a stream", seen.rate),
          ],
        ),
        "",
        `${seen.tokens} tokens in ${(tookMs / 1000).toFixed(1)} s: ${(cpuUs / seen.tokens).toFixed(1)} µs of CPU each, `,
        `event loop busy for ${(late.utilization * 100).toFixed(0)} % of the time, 99 % of its ticks at most ${late.p99.toFixed(1)} ms late`,
      ].join("\n"),
      goals: [
        { what: "longest stall of the event loop", measured: late.max, most: 50, unit: "ms" },
        { what: "most CPU time between two ticks", measured: late.work, most: 50, unit: "ms" },
        {
          what: "median tokens/s of a stream",
          measured: seen.rate.median,
          least: 0.95 * rate,
          unit: "",
        },
        { what: "slots left", measured: left.running + left.waiting, most: 0, unit: "" },
      ],
    };
  } finally {
    await Promise.all([server.stop(), load.stop()]);
  }
}

await endWith(main);
