import { connect, type Socket } from "node:net";
import { cleanUp } from "../support/echo.ts";

/** A TCP connection of a caller that keeps to no protocol. */
export async function rawSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  cleanUp(() => void socket.destroy());
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

/** Writes until the other side has had enough, or `chunks` end. */
export async function flood(socket: Socket, chunks: Iterable<Buffer>): Promise<void> {
  for (const chunk of chunks) {
    if (socket.destroyed) return;
    if (socket.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        socket.off("drain", go);
        socket.off("close", go);
        resolve();
      };
      // A server that no longer reads has had enough too.
      const timer = setTimeout(() => socket.destroy(), 1_000);
      socket.once("drain", go);
      socket.once("close", go);
    });
  }
}
