import { parseArgs } from "node:util";
import { table } from "../../tooling/table.ts";
import { endWith } from "../end-with.ts";
import { median } from "../median.ts";
import { type Contender, interleave, type Rounds } from "../rpc/harness/rounds.ts";
import { allLayers } from "./layers.ts";
import { callerWithToken, callInside, type RunCall } from "./run-call.ts";

const nothing = "no layer";
const everything = "all together";

/** Measures and prints what each interceptor of an emitted project costs a unary call. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "15" },
      calls: { type: "string", default: "20000" },
    },
  });
  const layers = await allLayers();
  const { method, order } = layers;
  const metadata = await callerWithToken(layers);
  const patient = { timeoutMs: undefined };
  const usual = { timeoutMs: 5000 };
  const runs = new Map<string, RunCall>([
    [nothing, callInside([], method, metadata, usual)],
    ...order.map((layer): [string, RunCall] => [
      layer.name,
      callInside([layer], method, metadata, usual),
    ]),
    [
      "deadline, of a caller without a deadline",
      callInside(
        order.filter(({ name }) => name === "deadline"),
        method,
        metadata,
        patient,
      ),
    ],
    [everything, callInside(order, method, metadata, usual)],
  ]);
  const calls = Number(values.calls);
  const contenders = [...runs].map(([name, run]) => contender(name, run, calls));
  const rounds = await interleave(contenders, Number(values.rounds));
  console.log(
    table(
      ["layer", "us a call"],
      [...runs.keys()]
        .filter((name) => name !== nothing)
        .map((name) => [name, addedUs(rounds, name).toFixed(1)]),
    ),
  );
  return 0;
}

function contender(name: string, run: RunCall, calls: number): Contender {
  const slice = async () => {
    const start = performance.now();
    const cpu = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) await run();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - start) / 1000;
    return { rate: calls / seconds, cpuUs: (user + system) / calls };
  };
  return { name, processes: [slice] };
}

/** CPU time of a call beyond that of one without layers: the median of the differences of each round. */
function addedUs(rounds: Rounds, name: string): number {
  const bare = rounds.get(nothing) ?? [];
  return median(
    (rounds.get(name) ?? []).map(({ cpuUs }, round) => cpuUs - (bare[round]?.cpuUs ?? Number.NaN)),
  );
}

await endWith(main);
