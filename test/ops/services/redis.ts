import { execa } from "execa";
import { freePort } from "../../runtime/support/free-port.ts";

/** A Redis server of our own, which keeps nothing. */
export interface Redis {
  readonly url: string;
  /** Ends it; it can be restarted on the same port. */
  stop(): Promise<void>;
  restart(): Promise<void>;
}

export async function startRedis(): Promise<Redis> {
  const port = String(await freePort());
  const run = () => {
    const settings = ["--port", port, "--bind", "127.0.0.1", "--save", ""];
    return execa("redis-server", settings, { reject: false });
  };
  const ready = async () => {
    while ((await execa("redis-cli", ["-p", port, "ping"], { reject: false })).exitCode !== 0);
  };
  let server = run();
  await ready();
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill("SIGTERM");
      await server;
    },
    async restart() {
      server = run();
      await ready();
    },
  };
}
