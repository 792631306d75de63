import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";

const channel = "net.client.socket";

/**
 * The sockets that this process opens from now on. A channel of grpc-js that closes leaves a socket alone
 * that is still connecting, or waits for the answer to its TLS handshake: it would keep the process alive.
 */
export class OpenedSockets {
  readonly #sockets = new Set<Socket>();
  readonly #add = (message: unknown): void => {
    if (typeof message !== "object" || message === null || !("socket" in message)) return;
    const { socket } = message;
    if (!(socket instanceof Socket)) return;
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  };

  constructor() {
    subscribe(channel, this.#add);
  }

  /**
   * Forgets them; none keeps the process alive any more.
   *
   * @param areInUse whether one of them has become a session, which ends by itself. Otherwise they are cut off
   */
  release(areInUse: boolean): void {
    unsubscribe(channel, this.#add);
    for (const socket of this.#sockets) {
      if (areInUse && !socket.connecting) socket.unref();
      else socket.destroy();
    }
    this.#sockets.clear();
  }
}
