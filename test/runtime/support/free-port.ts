import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port that is free at the moment, for tests that need to know it in advance or use it twice. It
 * is outside the range from which systems choose ports for port 0 and for connections (from 32768
 * on Linux, from 49152 elsewhere), so that other tests do not take it meanwhile.
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
