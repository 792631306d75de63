import type { Server } from "node:net";

/** Listens on a free port of this machine. @returns `127.0.0.1:port` */
export async function listenLocally(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  if (typeof bound !== "object" || bound === null) throw new Error("not listening on a port");
  return `127.0.0.1:${bound.port}`;
}
