import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packageRoot } from "../../src/package-root.ts";
import { run } from "../../tooling/packed/commands.ts";
import { endWith } from "../end-with.ts";
import { chosenParts, type Parts, printSections } from "../parts.ts";
import { nodeExecutable } from "../rpc/harness/nodes.ts";
import { buildPrograms } from "../rpc/harness/sandbox.ts";
import { loadCore } from "../rpc/run.ts";
import { buildOurs } from "./build-ours.ts";
import { benchMemory, benchOperation, type Operation } from "./operations.ts";
import { checkAnswers, withServers } from "./servers.ts";

/** Long calls hold a connection to the database each, for most of their time. */
const short = { inFlight: 32, warmUp: 4000 };
const long = { inFlight: 8, warmUp: 200 };

const operations: Parts<Operation> = {
  create: { name: "create", title: "CreateUser", ...short },
  get: { name: "get", title: "GetUser", ...short },
  list: { name: "list", title: "ListUsers, pages of 20 with the total", ...short },
  stream: { name: "stream", title: "StreamUsers, 1000 users", ...long },
  batch: { name: "batch", title: "CreateBatchUsers, 100 users", ...long },
};

/** Measures and prints all operations, or those named by --only. Ends with 1 for a missed goal. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: Object.keys(operations) },
      node: { type: "string" },
      seconds: { type: "string", default: "1" },
      rounds: { type: "string", default: "7" },
      processes: { type: "string", default: "2" },
    },
  });
  const chosen = chosenParts(operations, values.only);
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const folder = await buildPrograms({
    name: "user-service",
    programs: here("programs"),
    protos: `${packageRoot()}/examples/user-service/proto`,
  });
  await buildOurs(folder);
  const executable = await nodeExecutable(values.node);
  await leaveServerCore();
  const settings = { seconds: Number(values.seconds), rounds: Number(values.rounds) };
  const processes = Number(values.processes);
  return withServers({ folder, executable, processes }, async (setup) => {
    await checkAnswers(setup);
    const code = await printSections([
      ...chosen.map((operation) => () => benchOperation(setup, operation, settings)),
      () => benchMemory(setup),
    ]);
    console.log(
      `\nLoad average: ${loadavg()
        .map((load) => load.toFixed(1))
        .join(" ")}`,
    );
    return code;
  });
}

/** PostgreSQL inherits it: the servers have the other core to themselves. */
async function leaveServerCore(): Promise<void> {
  const args = ["-a", "-c", "-p", `${loadCore}`, `${process.pid}`];
  await run("taskset", args, { cwd: "/" }).catch(() =>
    console.error("no taskset: nothing is pinned"),
  );
}

await endWith(main);
