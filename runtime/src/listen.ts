import { lstat, unlink } from "node:fs/promises";
import { connect, type ListenOptions, type Server } from "node:net";

/**
 * Starts to listen. Errors of single connections after that are ignored. A socket file that a
 * process has left behind, as one does that is killed, is replaced.
 *
 * @param address `host:port`, `[ipv6]:port`, `:port` or `unix:path`
 * @returns the bound port; 0 for a Unix socket
 * @throws Error when the address is malformed or in use.
 */
export async function listen(server: Server, address: string): Promise<number> {
  const options = listenOptions(address);
  try {
    await bind(server, options);
  } catch (error) {
    if (options.path === undefined || !(await isAbandoned(options.path))) throw error;
    await unlink(options.path);
    await bind(server, options);
  }
  // For example, too many open files. That loses a connection and must not end the process.
  server.on("error", () => {});
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}

async function bind(server: Server, options: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Whether a path is a socket on which nobody listens. */
async function isAbandoned(path: string): Promise<boolean> {
  const file = await lstat(path).catch(() => undefined);
  if (file?.isSocket() !== true) return false;
  return await new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
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
