import { type ChildProcessByStdio, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { cleanUp } from "../../support/echo.ts";
import { temporaryFolders } from "../../support/temporary-folders.ts";

const temporaryFolder = temporaryFolders();

/** A program that runs in a process of its own until the test is over. */
export interface StartedProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Exit code and signal. */
  readonly exited: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
  /** Everything that it prints to standard error. */
  readonly stderr: Promise<string>;
  /** Resolves with the first log line that has this message. @throws Error when it ends without one. */
  logged(msg: string): Promise<Record<string, unknown>>;
}

/**
 * Starts a TypeScript program in an empty folder.
 *
 * @param variables its environment variables; it has no others
 * @param nodeOptions options of node, before those that load TypeScript
 * @param args what the program gets
 */
export function startProcess(
  program: URL,
  variables: Record<string, string>,
  nodeOptions: readonly string[] = [],
  args: readonly string[] = [],
): StartedProcess {
  const { PATH, SystemRoot } = process.env;
  const tsx = import.meta.resolve("tsx");
  const before = [...nodeOptions, "--import", tsx, fileURLToPath(program)];
  const child = spawn(process.execPath, [...before, ...args], {
    cwd: temporaryFolder(),
    env: { PATH, SystemRoot, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").then(([code, signal]) => [code, signal] as const);
  cleanUp(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return { child, exited, stderr: text(child.stderr), logged: logOf(child.stdout) };
}

function logOf(stdout: Readable): StartedProcess["logged"] {
  const lines: Record<string, unknown>[] = [];
  const changes = new EventEmitter();
  let ended = false;
  createInterface(stdout)
    .on("line", (line) => {
      lines.push(JSON.parse(line));
      changes.emit("change");
    })
    .on("close", () => {
      ended = true;
      changes.emit("change");
    });
  return async (msg) => {
    for (;;) {
      const found = lines.find((line) => line.msg === msg);
      if (found !== undefined) return found;
      if (ended) throw new Error(`the program ended before it logged: ${msg}`);
      await once(changes, "change");
    }
  };
}
