import { connect, createServer, type Server, type Socket } from "node:net";
import { FrameCounter, type FrameName } from "./frame-counter.ts";
import { listenLocally } from "./listen.ts";

export type Side = "client" | "server";

const prefaceBytes = { client: 24, server: 0 };

/** Hands connections on to a port of this machine, in plain text, and looks at their frames. */
export class FrameProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  constructor(port: number) {
    this.#server = createServer((client) => {
      const server = connect(port, "127.0.0.1");
      this.#handOn("client", client, server);
      this.#handOn("server", server, client);
    });
  }

  /** @returns the address to connect to */
  start(): Promise<string> {
    return listenLocally(this.#server);
  }

  /** Resolves when so many of these frames have come from one side since the start. */
  seen(side: Side, frame: FrameName, count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if ((this.#counts.get(`${side} ${frame}`) ?? 0) < count) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #handOn(side: Side, from: Socket, to: Socket): void {
    const counter = new FrameCounter(prefaceBytes[side], (frame) => this.#count(side, frame));
    this.#sockets.add(from);
    from.on("data", (chunk: Buffer) => {
      counter.read(chunk);
      to.write(chunk);
    });
    from.on("error", () => {});
    from.on("close", () => to.destroy());
  }

  #count(side: Side, frame: FrameName): void {
    const key = `${side} ${frame}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    for (const check of [...this.#waiting]) check();
  }
}
