import type { ServerLimits } from "../../../runtime/src/index.ts";
import { launchChild } from "../support/child.ts";
import { cleanUp, raise } from "../support/echo.ts";

export interface ChildSettings {
  readonly kind: "own" | "plain";
  readonly limits?: Partial<ServerLimits>;
  /** Where it listens; 127.0.0.1 by default. */
  readonly host?: string;
  readonly port?: number;
  /** Grace period after SIGTERM, in milliseconds. */
  readonly graceMs?: number;
}

/** The measurements of a server process. */
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
  readonly pid: number;
  readonly port: number;
  readonly address: string;
  report(): Promise<Report>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or with the signal that has ended it. */
  readonly exited: Promise<number | string>;
  readonly alive: boolean;
}

const program = new URL("../processes/server.ts", import.meta.url);

export async function startProcess(settings: ChildSettings): Promise<ServerProcess> {
  const server = await launchProcess(settings);
  cleanUp(() => server.kill("SIGKILL"));
  return server;
}

/** Starts a server for several tests. The caller must kill it. */
export async function launchProcess(settings: ChildSettings): Promise<ServerProcess> {
  const child = launchChild(program, JSON.stringify(settings));
  const port = await child.next();
  if (typeof port !== "number") return raise(`expected a port, not ${String(port)}`);
  return {
    pid: child.process.pid ?? raise("it was not started"),
    port,
    address: `${settings.host ?? "127.0.0.1"}:${port}`,
    exited: child.exited,
    async report() {
      child.process.send("report");
      // The child sends what `Report` says.
      return (await child.next()) as Report;
    },
    kill: (signal) => void child.process.kill(signal),
    get alive() {
      return child.process.exitCode === null && child.process.signalCode === null;
    },
  };
}
