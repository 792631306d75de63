import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { userEnvironment } from "../../../tooling/packed/commands.ts";

export interface ProcessOptions {
  readonly args?: readonly string[];
  /** Executable; the Node that runs this by default. */
  readonly node?: string;
  /** The core to run on, if there is `taskset`. */
  readonly core?: number;
}

const taskset = "/usr/bin/taskset";

/** A command line that runs `command` on one core. */
export function pinned(core: number | undefined, command: readonly string[]): readonly string[] {
  return core === undefined || !existsSync(taskset)
    ? command
    : [taskset, "-c", `${core}`, ...command];
}

/**
 * Starts a program that was written with `programs/control.mjs`.
 *
 * @throws Error when it ends before it is ready.
 */
export async function startProcess<Ready>(
  program: string,
  { args = [], node = process.execPath, core }: ProcessOptions = {},
): Promise<MeasuredProcess<Ready>> {
  const [command = node, ...rest] = pinned(core, [node, program, ...args]);
  const start = performance.now();
  const child = spawn(command, rest, {
    env: { ...userEnvironment(), NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const conversation = new Conversation(program, child);
  const ready = await conversation.receive<Ready>(0);
  return new MeasuredProcess(child, conversation, ready, performance.now() - start);
}

/** A measured program: it reports when it is ready, and answers questions. */
export class MeasuredProcess<Ready> {
  /** What it said when it was ready. */
  readonly ready: Ready;
  /** Milliseconds from the start to that. */
  readonly startMs: number;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #conversation: Conversation;
  #asked = 0;

  constructor(child: ChildProcess, conversation: Conversation, ready: Ready, startMs: number) {
    this.#child = child;
    this.#conversation = conversation;
    this.ready = ready;
    this.startMs = startMs;
    this.ended = conversation.ended;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#conversation.isOpen;
  }

  /** @throws Error when it fails to answer or ends before. */
  ask<Answer>(question: string, argument: object = {}): Promise<Answer> {
    this.#asked += 1;
    const id = this.#asked;
    // If it ends meanwhile, `receive` throws.
    this.#child.send(JSON.stringify({ id, question, argument }), () => {});
    return this.#conversation.receive<Answer>(id);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it at once. */
  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}

/** Answers of a program, by the number of the question; 0 is that it is ready. */
class Conversation {
  readonly ended: Promise<void>;
  isOpen = true;
  readonly #program: string;
  readonly #waiting = new Map<number, (text: string | undefined) => void>();
  #complaints = "";

  constructor(program: string, child: ChildProcess) {
    this.#program = program;
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#complaints = `${this.#complaints}${chunk}`.slice(-4000);
    });
    child.on("message", (message) => this.#settle(String(message)));
    this.ended = new Promise((resolve) => {
      const end = () => {
        this.isOpen = false;
        for (const settle of this.#waiting.values()) settle(undefined);
        resolve();
      };
      child.on("close", end);
      // Such as a command that is not there.
      child.on("error", end);
    });
  }

  async receive<Answer>(id: number): Promise<Answer> {
    const text = await new Promise<string | undefined>((resolve) => {
      if (this.isOpen) this.#waiting.set(id, resolve);
      else resolve(undefined);
    });
    if (text === undefined) throw new Error(`${this.#program} has ended: ${this.#complaints}`);
    const { answer, error }: { readonly answer: Answer; readonly error?: string } =
      JSON.parse(text);
    if (error !== undefined) throw new Error(`${this.#program}: ${error}`);
    return answer;
  }

  #settle(text: string): void {
    const { id }: { readonly id: number } = JSON.parse(text);
    this.#waiting.get(id)?.(text);
    this.#waiting.delete(id);
  }
}
