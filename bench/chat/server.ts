import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A running server of the chat starter. */
export interface ChatServer {
  readonly address: string;
  /** What the process has used so far; the stall is the longest one since the last time. */
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface Usage {
  readonly cpuS: number;
  readonly rssMb: number;
  readonly stallMs: number;
}

/** Starts the sources of a scaffolded project, with the sources of the library. */
export async function startChatServer(
  project: string,
  env: Record<string, string>,
): Promise<ChatServer> {
  const conditions = ["--import", "tsx", "--conditions=@grpc-service/source"];
  const server = spawn(process.execPath, [...conditions, "src/main.ts"], {
    cwd: project,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      ENV: "production",
      ADDRESS: "127.0.0.1:0",
      METRICS_ADDRESS: "127.0.0.1:0",
      ...env,
    },
  });
  const ports = await portsOf(server);
  return {
    address: `127.0.0.1:${ports.serving}`,
    usage: () => usageOf(`http://127.0.0.1:${ports.metrics}/metrics`),
    async stop() {
      server.kill("SIGTERM");
      await once(server, "exit");
    },
  };
}

/** Reads the ports from the log. */
async function portsOf(server: ChildProcess): Promise<{ serving: number; metrics: number }> {
  if (server.stdout === null) throw new Error("the server has no output");
  let metrics = 0;
  for await (const line of createInterface(server.stdout)) {
    const { msg, port }: { msg?: string; port?: number } = JSON.parse(line);
    if (port === undefined) continue;
    if (msg === "serving metrics") metrics = port;
    else {
      server.stdout.resume();
      return { serving: port, metrics };
    }
  }
  throw new Error("the server has not started");
}

async function usageOf(url: string): Promise<Usage> {
  const text = await (await fetch(url)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);
  return {
    cpuS: value("process_cpu_seconds_total"),
    rssMb: value("process_resident_memory_bytes") / 2 ** 20,
    stallMs: value("nodejs_eventloop_lag_max_seconds") * 1000,
  };
}
