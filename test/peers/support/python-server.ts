import { Mailbox } from "./mailbox.ts";
import { protos } from "./protos.ts";
import { PythonProgram } from "./python.ts";
import type { PythonTls } from "./python-client.ts";

export interface PythonServerOptions {
  /** A free one by default. */
  readonly port?: number;
  readonly tls?: PythonTls;
  readonly options?: Readonly<Record<string, string | number>>;
}

/** `waiting`: a call does what it was told to wait for; `over`: it need no longer. */
export type PythonServerEvent = "waiting" | "over";

type Line = { readonly reply: number | "stopped" } | { readonly event: PythonServerEvent };

/** Servers in Python, one at a time, of the service `runtime.test.Echo`. */
export class PythonServer {
  readonly #program = new PythonProgram("server", protos);
  readonly #replies = new Mailbox<number | "stopped">();
  readonly #events = new Mailbox<PythonServerEvent>();
  readonly #ended: Promise<never>;

  constructor() {
    this.#ended = this.#readLines();
    // Told to those who wait for a line.
    this.#ended.catch(() => {});
  }

  /** @returns the port */
  async start(options: PythonServerOptions = {}): Promise<number> {
    this.#program.send({ start: options });
    return Number(await Promise.race([this.#replies.take(), this.#ended]));
  }

  /** @param grace seconds that running calls are given */
  async stop(grace: number): Promise<void> {
    this.#program.send({ stop: grace });
    await Promise.race([this.#replies.take(), this.#ended]);
  }

  /** The next event. */
  event(): Promise<PythonServerEvent> {
    return Promise.race([this.#events.take(), this.#ended]);
  }

  /** Sends a signal to the process. */
  kill(signal: NodeJS.Signals): void {
    this.#program.kill(signal);
  }

  /** Ends the process. */
  end(): Promise<void> {
    return this.#program.stop();
  }

  async #readLines(): Promise<never> {
    for (;;) {
      const line = await this.#program.next<Line>();
      if ("reply" in line) this.#replies.put(line.reply);
      else this.#events.put(line.event);
    }
  }
}
