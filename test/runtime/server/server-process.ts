import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ServerLimits } from "../../../runtime/src/index.ts";
import { cleanUp, raise } from "../support/echo.ts";

export interface ChildSettings {
  readonly kind: "own" | "plain";
  readonly limits?: Partial<ServerLimits>;
  readonly port?: number;
  /** What it gives its calls on SIGTERM, in milliseconds. */
  readonly graceMs?: number;
}

/** What a server process tells of itself. */
export interface Report {
  /** Resident memory in bytes, right after a garbage collection. */
  readonly rss: number;
  /** The most resident memory that it ever had, in bytes. */
  readonly peakRss: number;
  /** Streams whose handler has not ended. */
  readonly running: number;
}

/** A server in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  readonly address: string;
  report(): Promise<Report>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or with the signal that has ended it. */
  readonly exited: Promise<number | string>;
  readonly alive: boolean;
}

const program = fileURLToPath(new URL("../processes/server.ts", import.meta.url));

export async function startProcess(settings: ChildSettings): Promise<ServerProcess> {
  const server = await launchProcess(settings);
  cleanUp(() => server.kill("SIGKILL"));
  return server;
}

/** The same for several tests: whoever calls it has to kill it. */
export async function launchProcess(settings: ChildSettings): Promise<ServerProcess> {
  const child = fork(program, [JSON.stringify(settings)], {
    execArgv: ["--expose-gc", "--import", "tsx"],
  });
  const exited = new Promise<number | string>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  const port: unknown = await messageOf(child, exited);
  if (typeof port !== "number") return raise(`expected a port, not ${String(port)}`);
  return {
    port,
    address: `127.0.0.1:${port}`,
    exited,
    async report() {
      child.send("report");
      // The child sends what `Report` says.
      return (await messageOf(child, exited)) as Report;
    },
    kill: (signal) => void child.kill(signal),
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
  };
}

async function messageOf(child: ChildProcess, exited: Promise<number | string>): Promise<unknown> {
  const ended = exited.then((code): never => raise(`the server process ended: ${code}`));
  const [message] = await Promise.race([once(child, "message"), ended]);
  return message;
}
