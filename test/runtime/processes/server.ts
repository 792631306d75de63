import { readFileSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { implement } from "../../../runtime/src/index.ts";
import {
  channelOptionsOf,
  GrpcServer,
  guardConnections,
  toImplementation,
} from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import type { ChildSettings, Report } from "../server/server-process.ts";
import { bind } from "../support/bind.ts";

/** Serves on one of the two kinds of server. Sends a report when it receives a message. */
const settings: ChildSettings = JSON.parse(process.argv[2] ?? "{}");
const { limits = {} } = settings;
let running = 0;

async function* counted<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> {
  running += 1;
  try {
    yield* source;
  } finally {
    running -= 1;
  }
}

function* replies(count: number) {
  const data = new Uint8Array(1024);
  for (let index = 0; index < count; index += 1) yield { data };
}

/** Microseconds that this process has computed. */
function computed(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const registration = implement(echoDefinition, {
  unary: async ({ text, number }) => {
    if (text === "compute") compute(number);
    else if (number > 0) await new Promise((resolve) => setTimeout(resolve, number));
    return { text, number: text === "computed" ? computed() : process.pid };
  },
  serverStream: ({ number }) => counted(replies(number)),
  clientStream: async (requests) => {
    let count = 0;
    for await (const _request of counted(requests)) count += 1;
    return { number: count };
  },
  bidi: async function* (requests) {
    for await (const { text, number, data } of counted(requests)) yield { text, number, data };
  },
});

async function listenOwn(): Promise<number> {
  const server = new GrpcServer({ services: [registration], limits });
  process.once("SIGTERM", async () => {
    process.once("SIGTERM", () => process.exit(1));
    await server.stop(settings.graceMs ?? 0);
    process.exit(0);
  });
  return server.listen(`${settings.host ?? "127.0.0.1"}:${settings.port ?? 0}`);
}

async function listenPlain(): Promise<number> {
  const server = new grpc.Server(channelOptionsOf(limits));
  server.addService(registration.definition, toImplementation(registration));
  const port = await bind(server);
  guardConnections(server, limits);
  return port;
}

/**
 * The most resident memory of this process in bytes. `resourceUsage().maxRSS` will not do on Linux: a new
 * process starts with that of the process that forked it.
 */
function peakRss(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const peakKb = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(peakKb) * 1024;
}

process.on("message", () => {
  global.gc?.();
  const report: Report = {
    rss: process.memoryUsage.rss(),
    peakRss: peakRss(),
    running,
  };
  process.send?.(report);
});
process.send?.(await (settings.kind === "plain" ? listenPlain() : listenOwn()));
