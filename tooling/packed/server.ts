import { once } from "node:events";
import { execa } from "execa";
import { userEnvironment } from "./commands.ts";

export interface RunningServer {
  /** `127.0.0.1:<port>`, from the server's log. */
  readonly address: string;
  /** What it has logged so far. */
  log(): string;
  /** Ends the server as an operator would. Resolves with its exit code. */
  stop(): Promise<number>;
}

/**
 * Starts the built server of a scaffolded project on a free port and resolves when its log says
 * that it serves. @throws Error with the log when it ends before or stays silent for a minute.
 */
export async function startServer(
  project: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const child = execa(process.execPath, ["dist/main.js"], {
    cwd: project,
    env: userEnvironment({ ADDRESS: "127.0.0.1:0", ...env }),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
  });
  let log = "";
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the server did not listen within a minute:\n${log}`));
    }, 60_000);
    child.all.on("data", (chunk: Buffer) => {
      log += chunk;
      const port = /"port":(\d+)[^\n]*"serving"/.exec(log)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(`127.0.0.1:${port}`);
    });
    void once(child, "exit").then(() => {
      clearTimeout(timer);
      reject(new Error(`the server ended before it listened:\n${log}`));
    });
  });
  return {
    address,
    log: () => log,
    async stop() {
      child.kill("SIGTERM");
      const { exitCode, signal } = await child;
      if (exitCode === undefined) throw new Error(`the server was ended by ${signal}:\n${log}`);
      return exitCode;
    },
  };
}
