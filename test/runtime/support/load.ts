import { expect } from "vitest";
import type { EchoClient } from "../gen/echo_client.ts";
import { cleanUp, collect, until } from "./echo.ts";

/** Calls in a round. With as many calls as servers, the same kind would always reach the same server. */
const round = 5;

/** Calls of many clients to server processes without a pause, all kinds in turn. */
export class Load {
  readonly #counts: number[];
  readonly #work: Promise<unknown>;
  /** For each server, by its process id, the clients that it has answered. */
  readonly #served = new Map<number, Set<EchoClient>>();
  #over = false;

  constructor(clients: readonly EchoClient[]) {
    this.#counts = clients.map(() => 0);
    this.#work = Promise.all(clients.map((client, index) => this.#run(client, index)));
    cleanUp(() => {
      this.#over = true;
    });
  }

  /** Resolves when every client has made each kind of call once more. @throws what a call threw. */
  async goOn(): Promise<void> {
    const goals = this.#counts.map((count) => count + round);
    await this.until(() => this.#counts.every((count, index) => count >= (goals[index] ?? 0)));
  }

  /** Resolves when `condition` holds. @throws what a call threw. */
  async until(condition: () => boolean): Promise<void> {
    await Promise.race([until(condition), this.#work]);
  }

  /** Number of clients that the server with this process id has answered. */
  servedBy(pid: number): number {
    return this.#served.get(pid)?.size ?? 0;
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.#work;
  }

  async #run(client: EchoClient, index: number): Promise<void> {
    for (let calls = 0; !this.#over; calls += 1) {
      await this.#call(client, calls % round);
      this.#counts[index] = calls + 1;
    }
  }

  async #call(client: EchoClient, kind: number): Promise<void> {
    switch (kind) {
      case 1:
        expect(await collect(client.serverStream({ number: 100 }))).toHaveLength(100);
        break;
      case 2:
        expect((await client.clientStream([{}, {}, {}])).number).toBe(3);
        break;
      case 3:
        expect(await collect(client.bidi([{}, {}, {}]))).toHaveLength(3);
        break;
      default:
        await this.#callUnary(client);
    }
  }

  async #callUnary(client: EchoClient): Promise<void> {
    const { number: pid } = await client.unary({ number: 5 });
    const clients = this.#served.get(pid) ?? new Set();
    this.#served.set(pid, clients.add(client));
  }
}
