import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { cleanUp } from "../../runtime/support/echo.ts";

/** An address in front of a database, as a cluster has it. */
export interface DatabaseAddress {
  readonly url: string;
  /** New connections lead to another database. Those that exist break. */
  switchTo(url: string): void;
}

/** Starts one. It ends with the test. */
export async function startAddress(databaseUrl: string): Promise<DatabaseAddress> {
  const sockets = new Set<Socket>();
  let target = new URL(databaseUrl);
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  cleanUp(() => {
    breakAll();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.port = String(port);
  return {
    url: url.href,
    switchTo(other) {
      target = new URL(other);
      breakAll();
    },
  };
}
