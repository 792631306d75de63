import { pluginRequest } from "../../tooling/plugins/image.ts";
import { table } from "../../tooling/table.ts";
import type { Goal, Section } from "../goals.ts";
import { type Contender, type ContenderName, contenders } from "./contenders.ts";
import { type Input, inputs } from "./inputs.ts";
import { measure } from "./measure.ts";
import { interleave, type Result } from "./rounds.ts";

/** Runs every plugin on every input: wall time, peak memory, and ours against the goals. */
export async function benchPlugins(capMs: number): Promise<Section> {
  const plugins = await contenders();
  const columns: [Input, Result[]][] = [];
  let running = plugins;
  for (const input of await inputs()) {
    console.error(`plugins on ${input.name}: ${input.files.length} files, ${input.rpcs} rpcs`);
    const results = await onInput(running, input, capMs);
    columns.push([input, results]);
    // The next input is larger.
    running = running.filter(({ name }) => find(results, name)?.outcome !== "too slow");
  }
  const header = columns.map(([{ name, files, rpcs }]) => `${name} (${files.length}/${rpcs})`);
  const rows = plugins.map(({ name }) => [
    name,
    ...columns.map(([, results]) => cell(find(results, name), capMs)),
  ]);
  return {
    title: "Plugins: ms / peak MB (files/rpcs)",
    table: table(["", ...header], rows),
    goals: columns.flatMap(([{ name }, results]) => goals(name, results)),
  };
}

function onInput(
  plugins: readonly Contender[],
  { image, files, rpcs }: Input,
  capMs: number,
): Promise<Result[]> {
  const requests = new Map<string, Uint8Array>();
  const request = (parameter: string) => {
    const made = requests.get(parameter) ?? pluginRequest(image, { files, parameter });
    requests.set(parameter, made);
    return made;
  };
  const runners = plugins.map(({ name, command, parameter }) => {
    return { name, run: () => measure({ command, input: request(parameter) }, capMs) };
  });
  return interleave(runners, { rounds: rpcs < 100 ? 15 : 7, budgetMs: 10_000 });
}

/** The ratios that were promised for an input. */
function goals(input: string, results: readonly Result[]): Goal[] {
  const ratio = (value: "ms" | "peakMb", to: ContenderName) => {
    const [ours, other] = [find(results, "ours"), find(results, to)];
    return (ours?.[value] ?? Number.NaN) / (other?.[value] ?? Number.NaN);
  };
  const empty = "empty plugin, bundled";
  switch (input) {
    case "user.proto":
      return [
        goal(input, "time, raw node script", ratio("ms", "raw node script"), 1.7),
        goal(input, "time, protoc-gen-es", ratio("ms", "protoc-gen-es"), 0.35),
      ];
    case "compute.proto":
    case "Google Cloud":
      return [
        goal(input, `time, ${empty}`, ratio("ms", empty), 1.4),
        goal(input, `memory, ${empty}`, ratio("peakMb", empty), 1.3),
      ];
    default:
      return [];
  }
}

function goal(input: string, to: string, measured: number, most: number): Goal {
  return { what: `plugin on ${input}: ${to}`, measured, most };
}

function find(results: readonly Result[], name: ContenderName): Result | undefined {
  return results.find((result) => result.name === name);
}

function cell(result: Result | undefined, capMs: number): string {
  if (result === undefined) return "not run";
  const { ms, peakMb, outcome } = result;
  if (outcome === "too slow") return `> ${capMs / 1000} s`;
  return outcome === "failed" ? "failed" : `${ms.toFixed(0)} / ${peakMb.toFixed(0)}`;
}
