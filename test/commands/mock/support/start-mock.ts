import { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { main } from "../../../../src/commands/main.ts";
import { temporaryFolder, writeFiles } from "../../../scaffold/support.ts";

/** A mock server that runs in this process, on a free port. */
export interface RunningMock {
  readonly address: string;
  readonly folder: string;
  /** What it printed so far. */
  readonly notes: readonly string[];
  /** Resolves with the next line that contains a text, or with one that was printed. */
  noted(text: string): Promise<string>;
  /** As Ctrl-C does. @returns the exit code */
  stop(): Promise<number>;
}

/** Starts `grpc-service mock` in a folder with these files; it ends with the test. */
export async function startMock(
  files: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<RunningMock> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return startMockIn(folder, ...args);
}

/** The same in a folder that exists. */
export async function startMockIn(folder: string, ...args: string[]): Promise<RunningMock> {
  const interrupt = new AbortController();
  const notes: string[] = [];
  const waiting = new Set<() => void>();
  const note = (line: string) => {
    notes.push(line.trimEnd());
    for (const wake of waiting) wake();
  };
  let running = Promise.resolve(-1);
  const address = new Promise<string>((resolve, reject) => {
    running = main(["mock", "--address", "127.0.0.1:0", ...args], {
      cwd: folder,
      env: process.env,
      interactive: false,
      columns: 80,
      signal: interrupt.signal,
      print: (text) => resolve(/^mock server on (\S+):/.exec(text)?.[1] ?? text),
      note,
      input: Readable.from([]),
      inputIsTerminal: false,
      outputIsTerminal: false,
      output: process.stdout,
    });
    void running.then((code) => reject(new Error(`ended with ${code}: ${notes.join("\n")}`)));
  });
  const stop = () => {
    interrupt.abort();
    return running;
  };
  onTestFinished(async () => {
    await stop();
  });
  return {
    address: await address,
    folder,
    notes,
    async noted(text) {
      for (;;) {
        const found = notes.find((line) => line.includes(text));
        if (found !== undefined) return found;
        await new Promise<void>((resolve, reject) => {
          const limit = setTimeout(() => reject(new Error(notes.join("\n"))), 30_000);
          waiting.add(() => {
            clearTimeout(limit);
            resolve();
          });
        });
      }
    },
    stop,
  };
}
