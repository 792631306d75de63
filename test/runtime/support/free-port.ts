import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port that nobody listens on at the moment, for whoever cannot take any or has to come back to
 * the same one. It is none that a system gives away when any port is asked for or a connection is
 * opened (from 32768 on Linux, 49152 elsewhere): so other tests do not take it in between.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    const server = createServer().listen(port, "127.0.0.1");
    const [taken] = await Promise.race([
      once(server, "listening").then(() => [false]),
      once(server, "error").then(() => [true]),
    ]);
    if (taken) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
