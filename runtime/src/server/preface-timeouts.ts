import type { Socket } from "node:net";
import { timerMs } from "../deadline.ts";

/** Identifies a connection, on the plain socket as well as on the TLS socket over it. */
type Endpoint = Pick<Socket, "remoteAddress" | "remotePort">;

/**
 * Closes connections that do not start HTTP/2 in time: silent sockets, unfinished TLS handshakes,
 * prefaces that arrive byte by byte. Unix sockets, which only this machine can reach, have no
 * limit.
 */
export class PrefaceTimeouts {
  readonly #timeoutMs: number;
  readonly #pending = new Map<string, NodeJS.Timeout>();

  /** @param timeoutMs 0 means no limit */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Starts the timeout of a connection that was accepted. */
  start(socket: Socket): void {
    const key = keyOf(socket);
    if (key === undefined || this.#timeoutMs === 0) return;
    const timer = setTimeout(() => socket.destroy(), timerMs(this.#timeoutMs));
    timer.unref();
    this.#pending.set(key, timer);
    socket.once("close", () => this.#clear(key, timer));
  }

  /** Ends the timeout of a connection whose first HTTP/2 frame has arrived. */
  clear(endpoint: Endpoint): void {
    const key = keyOf(endpoint);
    if (key === undefined) return;
    this.#clear(key, this.#pending.get(key));
  }

  #clear(key: string, timer: NodeJS.Timeout | undefined): void {
    clearTimeout(timer);
    // A new connection from the same port may have replaced it.
    if (this.#pending.get(key) === timer) this.#pending.delete(key);
  }
}

function keyOf({ remoteAddress, remotePort }: Endpoint): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
