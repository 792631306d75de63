import { type ChildProcess, fork } from "node:child_process";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { cleanUp, raise } from "./echo.ts";

/** A program in a Node process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the exit code, or with the signal that has ended it. */
  readonly exited: Promise<number | string>;
  /** The next message it sends. @throws Error when it ends first. */
  next(): Promise<unknown>;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
}

/** Starts a TypeScript program. It is killed after the test. */
export function startChild(program: URL, ...parameters: string[]): Child {
  const child = launchChild(program, ...parameters);
  cleanUp(child.kill);
  return child;
}

/** Starts a TypeScript program that serves several tests. The caller must kill it. */
export function launchChild(program: URL, ...parameters: string[]): Child {
  const path = fileURLToPath(program);
  const child = fork(path, parameters, {
    execArgv: ["--import", "tsx", "--expose-gc"],
    env: { ...process.env, GRPC_VERBOSITY: "NONE" },
  });
  const exited = new Promise<number | string>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  const received: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  child.on("message", (message) => {
    const waiter = waiting.shift();
    if (waiter === undefined) received.push(message);
    else waiter(message);
  });
  const ended = exited.then((end): never => raise(`${basename(path)} ended with ${end}`));
  ended.catch(() => {});
  return {
    process: child,
    exited,
    next: () =>
      received.length > 0
        ? Promise.resolve(received.shift())
        : Promise.race([new Promise((resolve) => waiting.push(resolve)), ended]),
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
