import { execa } from "execa";
import { freePort } from "../../runtime/support/free-port.ts";

/** A Redis server of our own, which keeps nothing. */
export interface Redis {
  readonly url: string;
  /** Ends it; it can be restarted on the same port. */
  stop(): Promise<void>;
  /** Ends it without a farewell, as a crash does. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** It keeps its connections, takes new ones, and answers nothing until `resume`. */
  pause(): void;
  resume(): void;
  /** Runs a command of redis-cli. Returns what it prints. */
  cli(...command: string[]): Promise<string>;
}

/** @param options of redis-server, such as `--enable-debug-command yes` */
export async function startRedis(...options: string[]): Promise<Redis> {
  const port = String(await freePort());
  const run = () => {
    const settings = ["--port", port, "--bind", "127.0.0.1", "--save", "", ...options];
    return execa("redis-server", settings, { reject: false });
  };
  const ready = async () => {
    while ((await execa("redis-cli", ["-p", port, "ping"], { reject: false })).exitCode !== 0);
  };
  let server = run();
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    server.kill("SIGCONT"); // one that is paused would not notice
    server.kill(signal);
    await server;
  };
  await ready();
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    async restart() {
      server = run();
      await ready();
    },
    pause: () => void server.kill("SIGSTOP"),
    resume: () => void server.kill("SIGCONT"),
    async cli(...command) {
      const { stdout } = await execa("redis-cli", ["-p", port, ...command]);
      return stdout;
    },
  };
}
