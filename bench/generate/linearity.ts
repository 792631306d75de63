import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../tooling/corpus/cache.ts";
import { compile, pluginRequest } from "../../tooling/plugins/image.ts";
import { bundleCommands } from "../../tooling/plugins/plugin-process.ts";
import { table } from "../../tooling/table.ts";
import type { Section } from "../goals.ts";
import { measure } from "./measure.ts";
import { interleave } from "./rounds.ts";

const base = 500;
const factors = [1, 2, 4, 8];

/** Runs our plugin on one file of more and more rpcs, each with comments and messages of its own. */
export async function benchLinearity(capMs: number): Promise<Section> {
  console.error("our plugin on one file of up to 4000 rpcs");
  const { plugin } = bundleCommands();
  const runners = await Promise.all(
    factors.map(async (factor) => {
      const image = await compile(await writeProto(base * factor));
      const options = { files: ["grown.proto"], parameter: "target=ts,import_extension=ts" };
      const input = pluginRequest(image, options);
      return { name: `${base * factor}`, run: () => measure({ command: plugin, input }, capMs) };
    }),
  );
  const results = await interleave(runners, { rounds: 7, budgetMs: 30_000 });
  const [ms1 = 0, , ms4 = 0, ms8 = 0] = results.map(({ ms }) => ms);
  const perRpc = (from: number, to: number, rpcs: number) => (to - from) / rpcs;
  const early = perRpc(ms1, ms4, base * 3);
  const late = perRpc(ms4, ms8, base * 4);
  return {
    title: "Our plugin on one file",
    table: table(
      ["rpcs", "ms", "peak MB"],
      results.map(({ name, ms, peakMb }) => [name, ms.toFixed(0), peakMb.toFixed(0)]),
    ),
    goals: [
      { what: "plugin: ms an rpc beyond 2000, to before", measured: late / early, most: 1.25 },
    ],
  };
}

async function writeProto(rpcs: number): Promise<string> {
  const folder = join(cacheFolder, "grown", `${rpcs}`);
  await mkdir(folder, { recursive: true });
  const numbers = Array.from({ length: rpcs }, (_, index) => index);
  const lines = [
    'syntax = "proto3";',
    "package grown;",
    "// Many methods.",
    "service Grown {",
    ...numbers.map((n) => `  // Does ${n}.\n  rpc Do${n}(Do${n}Request) returns (Do${n}Response);`),
    "}",
    ...numbers.map((n) => `// Asks for ${n}.\nmessage Do${n}Request { string name = 1; }`),
    ...numbers.map((n) => `// Answers ${n}.\nmessage Do${n}Response { repeated int32 id = 1; }`),
  ];
  await writeFile(join(folder, "grown.proto"), `${lines.join("\n")}\n`);
  return folder;
}
