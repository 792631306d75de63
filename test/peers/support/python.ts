import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { DescFile } from "@bufbuild/protobuf";
import { pythonWithGrpc } from "../../support/tools.ts";
import { descriptorSet } from "./descriptor-set.ts";

/** A program of `test/peers/python`, which talks in lines of JSON. */
export class PythonProgram {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #errors: Promise<string>;
  readonly #folder: string;

  /** @param protos what the program's first argument, a descriptor set, describes */
  constructor(name: string, protos: readonly DescFile[], ...args: string[]) {
    this.#folder = mkdtempSync(join(tmpdir(), "python-"));
    const descriptors = join(this.#folder, "descriptors.binpb");
    writeFileSync(descriptors, descriptorSet(protos));
    const script = fileURLToPath(new URL(`../python/${name}.py`, import.meta.url));
    // -B: no __pycache__ beside the sources.
    this.#process = spawn(pythonWithGrpc() ?? "python3", ["-B", script, descriptors, ...args], {
      // A client without calls looks at its connections every five seconds only, in milliseconds.
      env: { ...process.env, GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS: "50" },
    });
    this.#errors = text(this.#process.stderr);
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  send(value: unknown): void {
    this.#process.stdin.write(`${JSON.stringify(value)}\n`);
  }

  /** The next line. @throws Error with what the program wrote to stderr when there is none. */
  async next<T>(): Promise<T> {
    const { done, value } = await this.#lines.next();
    if (done === true) throw new Error(`the program has ended: ${await this.#errors}`);
    return JSON.parse(value);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Ends the program, if it runs. */
  async stop(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#errors;
    rmSync(this.#folder, { recursive: true });
  }
}
