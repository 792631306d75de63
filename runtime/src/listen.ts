import type { ListenOptions, Server } from "node:net";

/**
 * Starts to listen. Errors of single connections after that are ignored.
 *
 * @param address `host:port`, `[ipv6]:port`, `:port` or `unix:path`
 * @returns the bound port; 0 for a Unix socket
 * @throws Error when the address is malformed or in use.
 */
export async function listen(server: Server, address: string): Promise<number> {
  const options = listenOptions(address);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // For example, too many open files. That loses a connection and must not end the process.
  server.on("error", () => {});
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}

function listenOptions(address: string): ListenOptions {
  if (address.startsWith("unix:")) {
    return { path: address.slice("unix:".length).replace(/^\/\//, "") };
  }
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65535) throw new Error("expected host:port");
  const host = match[1] ?? match[2];
  return host === undefined || host === "" ? { port } : { port, host };
}
