import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../../src/package-root.ts";
import { table } from "../../tooling/table.ts";
import { endWith } from "../end-with.ts";
import { scaffoldStarter } from "../scaffold-starter.ts";
import type { Crowd, CrowdReport } from "./members.ts";
import { type ChatServer, startChatServer } from "./server.ts";

/**
 * Fills a room of the chat starter, has members write, and prints how late messages arrive, what the server
 * takes, and how long its event loop stands still. Server and members have a process each.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      members: { type: "string", default: "1000" },
      stalled: { type: "string", default: "10" },
      rates: { type: "string", default: "10,30,100" },
      seconds: { type: "string", default: "20" },
      redis: { type: "string" },
    },
  });
  const scratch = join(packageRoot(), "test/.tmp");
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, "chat-"));
  try {
    await scaffoldStarter(folder, "chat", values.redis === undefined ? [] : ["--redis"]);
    const rows: string[][] = [];
    for (const perSecond of values.rates.split(",").map(Number)) {
      rows.push(
        await measure(join(folder, "chat"), values.redis, {
          members: Number(values.members),
          stalled: Number(values.stalled),
          seconds: Number(values.seconds),
          perSecond,
        }),
      );
    }
    console.log(
      table(
        [
          ...["messages/s", "arrivals/s", "p50 ms", "p99 ms", "worst ms", "lost", "calls ended"],
          ...["longest stall ms", "CPU us an arrival", "MB before", "MB after"],
        ],
        rows,
      ),
    );
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  project: string,
  redis: string | undefined,
  load: Omit<Crowd, "address" | "secret">,
): Promise<string[]> {
  const secret = randomBytes(32).toString("hex");
  const server = await startChatServer(project, {
    AUTH_JWT_SECRET: secret,
    AUTH_ISSUER: "bench",
    AUTH_AUDIENCE: "bench",
    CHAT_MEMBERS: String(load.members + load.stalled),
    CHAT_MESSAGES_PER_SECOND: "1000",
    ...(redis === undefined ? {} : { REDIS_URL: redis }),
  });
  try {
    return await watch(server, { ...load, address: server.address, secret });
  } finally {
    await server.stop();
  }
}

async function watch(server: ChatServer, crowd: Crowd): Promise<string[]> {
  const members = fork(join(import.meta.dirname, "members.ts"), [JSON.stringify(crowd)], {
    execArgv: ["--import", "tsx"],
  });
  try {
    await once(members, "message");
    await server.usage(); // begins a new period for the stall
    const before = await server.usage();
    members.send("write");
    const [report]: CrowdReport[] = await once(members, "message");
    const after = await server.usage();
    if (report === undefined) throw new Error("the members have said nothing");
    const { delays, sent, lost, ended } = report;
    const arrivals = sent * crowd.members - lost;
    return [
      String(crowd.perSecond),
      String(Math.round(arrivals / crowd.seconds)),
      ...[delays.p50, delays.p99, delays.worst].map((ms) => ms.toFixed(0)),
      ...[lost, ended].map(String),
      after.stallMs.toFixed(0),
      (((after.cpuS - before.cpuS) / arrivals) * 1e6).toFixed(1),
      ...[before.rssMb, after.rssMb].map((mb) => mb.toFixed(0)),
    ];
  } finally {
    members.kill("SIGKILL");
  }
}

await endWith(main);
