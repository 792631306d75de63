import { createServer, type Server, type Socket } from "node:net";
import type * as grpc from "@grpc/grpc-js";
import { textOf } from "../error.ts";
import { http2ServersOf } from "../grpc-js-internals/http2-servers.ts";
import { listen } from "../listen.ts";
import type { Admission } from "./admission.ts";
import { guardHttp2Servers, limitConnections } from "./connection-guard.ts";
import type { ServerLimits } from "./limits.ts";

/**
 * Accepts connections for a grpc-js server. grpc-js' own `bindAsync` does not expose its sockets,
 * and when it stops it waits for silent ones without end.
 */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #injector: grpc.ConnectionInjector;

  constructor(
    server: grpc.Server,
    credentials: grpc.ServerCredentials,
    limits: ServerLimits,
    admission: Admission,
  ) {
    const others = new Set(http2ServersOf(server));
    this.#injector = server.createConnectionInjector(credentials);
    const own = http2ServersOf(server).filter((http2Server) => !others.has(http2Server));
    guardHttp2Servers(own, limits, admission);
    this.#server = createServer((socket) => this.#accept(socket));
    limitConnections(this.#server, limits);
  }

  /**
   * @returns the bound port; 0 for a Unix socket
   * @throws Error when the address is malformed or taken.
   */
  async listen(address: string): Promise<number> {
    try {
      return await listen(this.#server, address);
    } catch (cause) {
      this.#injector.destroy();
      throw new Error(`cannot listen on ${address}: ${textOf(cause)}`, { cause });
    }
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
