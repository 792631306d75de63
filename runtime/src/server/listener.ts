import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import type * as grpc from "@grpc/grpc-js";
import { http2ServersOf } from "../grpc-js-internals/http2-servers.ts";
import { guardHttp2Servers } from "./connection-guard.ts";
import type { ServerLimits } from "./limits.ts";

/**
 * Accepts connections for a grpc-js server. grpc-js' own `bindAsync` does not expose its sockets,
 * and when it stops it waits for silent ones without end.
 */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #injector: grpc.ConnectionInjector;

  constructor(server: grpc.Server, credentials: grpc.ServerCredentials, limits: ServerLimits) {
    const others = new Set(http2ServersOf(server));
    this.#injector = server.createConnectionInjector(credentials);
    const own = http2ServersOf(server).filter((http2Server) => !others.has(http2Server));
    guardHttp2Servers(own, limits);
    this.#server = createServer((socket) => this.#accept(socket));
    // Such as too many open files: it loses a connection and must not end the process.
    this.#server.on("error", () => {});
  }

  /**
   * @returns the bound port; 0 for a Unix socket
   * @throws Error when the address is malformed or taken.
   */
  async listen(address: string): Promise<number> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once("error", reject);
        this.#server.listen(listenOptions(address), () => {
          this.#server.off("error", reject);
          resolve();
        });
      });
    } catch (cause) {
      this.#injector.destroy();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`cannot listen on ${address}: ${reason}`, { cause });
    }
    const bound = this.#server.address();
    return typeof bound === "object" && bound !== null ? bound.port : 0;
  }

  /** Accepts no further connections, and closes those that have sent nothing yet. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Resolves when every connection is closed. */
  async drained(): Promise<void> {
    await Promise.all(
      [...this.#sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve))),
    );
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#injector.destroy();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    this.#injector.injectConnection(socket);
  }
}

/** `host:port`, `[ipv6]:port`, `:port` or `unix:path`. */
function listenOptions(address: string): ListenOptions {
  if (address.startsWith("unix:"))
    return { path: address.slice("unix:".length).replace(/^\/\//, "") };
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65535) throw new Error("expected host:port");
  const host = match[1] ?? match[2];
  return host === undefined || host === "" ? { port } : { port, host };
}
