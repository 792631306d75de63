import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";

const channel = "net.client.socket";

/** Which sockets are watched, and for how long. */
export interface WatchedSockets {
  /** Those to these ports of any machine. Default: all that the process opens. */
  readonly ports?: readonly number[];
  /** Milliseconds in which the other side has to say something; then the socket fails. Default: no limit. */
  readonly answerTimeoutMs?: number;
}

/**
 * The sockets that this process opens from now on. A channel of grpc-js that closes leaves a socket alone
 * that is still connecting, or waits for the answer to its TLS handshake: it would keep the process alive.
 * grpc-js has no time limit for either.
 */
export class OpenedSockets {
  readonly #sockets = new Set<Socket>();
  readonly #settings: WatchedSockets;
  readonly #onOpened = (message: unknown): void => {
    if (typeof message !== "object" || message === null || !("socket" in message)) return;
    const { socket } = message;
    if (!(socket instanceof Socket)) return;
    const { ports } = this.#settings;
    if (ports === undefined) this.#watch(socket);
    else {
      socket.once("connectionAttempt", (_ip: string, attempted: number) => {
        if (ports.includes(attempted)) this.#watch(socket);
      });
    }
  };

  constructor(settings: WatchedSockets = {}) {
    this.#settings = settings;
    subscribe(channel, this.#onOpened);
  }

  /**
   * Forgets them, after the channel is closed.
   *
   * @param areInUse whether one of them has become a session, which ends by itself after the last call.
   * Then those without an answer are cut off, otherwise all
   */
  release(areInUse: boolean): void {
    unsubscribe(channel, this.#onOpened);
    for (const socket of this.#sockets) if (!areInUse || isUnanswered(socket)) socket.destroy();
    this.#sockets.clear();
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    const timer = this.#limit(socket);
    socket.once("close", () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
    });
  }

  #limit(socket: Socket): NodeJS.Timeout | undefined {
    const { answerTimeoutMs } = this.#settings;
    if (answerTimeoutMs === undefined) return undefined;
    const cut = () => {
      if (!isUnanswered(socket)) return;
      // TLS on top of the socket reports the failure too; without a listener it would end the process.
      socket.on("error", () => {});
      socket.destroy(new Error(`no answer within ${answerTimeoutMs / 1000} s`));
    };
    return setTimeout(cut, answerTimeoutMs).unref();
  }
}

/** Whether the other side has not said anything yet. A server of gRPC speaks first, or answers the handshake. */
function isUnanswered(socket: Socket): boolean {
  return socket.connecting || socket.bytesRead === 0;
}
