import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { cleanUp } from "../../support/echo.ts";

/** A way to a server on which everything takes time. */
export interface SlowWay {
  readonly url: string;
  /** Milliseconds by which every answer is late. */
  delayMs: number;
}

/** Passes connections on to the server of `url`, until the test is over. */
export async function slowWayTo(url: string, delayMs: number): Promise<SlowWay> {
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    near.on("data", (chunk) => far.write(chunk));
    far.on("data", (chunk) => setTimeout(() => near.write(chunk), way.delayMs));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => other.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  cleanUp(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const way = { url: `redis://127.0.0.1:${address.port}`, delayMs };
  return way;
}
