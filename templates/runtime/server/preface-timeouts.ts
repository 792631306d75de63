import type { Socket } from "node:net";

/** What tells a connection from all others, on the plain socket and on the TLS socket over it. */
type Endpoint = Pick<Socket, "remoteAddress" | "remotePort">;

/**
 * Closes connections that do not get as far as HTTP/2: sockets that say nothing, TLS handshakes that
 * are never finished, prefaces that come byte by byte. Socket files, which only this machine can
 * reach, have no such limit.
 */
export class PrefaceTimeouts {
  readonly #timeoutMs: number;
  readonly #pending = new Map<string, NodeJS.Timeout>();

  /** @param timeoutMs 0 for no limit */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** A connection has been accepted. */
  expect(socket: Socket): void {
    const key = keyOf(socket);
    if (key === undefined || this.#timeoutMs === 0) return;
    const timer = setTimeout(() => socket.destroy(), this.#timeoutMs);
    timer.unref();
    this.#pending.set(key, timer);
    socket.once("close", () => this.#forget(key, timer));
  }

  /** Its first frame of HTTP/2 has come. */
  arrived(endpoint: Endpoint): void {
    const key = keyOf(endpoint);
    if (key === undefined) return;
    this.#forget(key, this.#pending.get(key));
  }

  #forget(key: string, timer: NodeJS.Timeout | undefined): void {
    clearTimeout(timer);
    // A new connection of the same port may have taken its place.
    if (this.#pending.get(key) === timer) this.#pending.delete(key);
  }
}

function keyOf({ remoteAddress, remotePort }: Endpoint): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
