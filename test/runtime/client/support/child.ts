import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cleanUp, raise } from "../../support/echo.ts";

/** A program of `processes/`, killed after the test. */
export interface Child {
  readonly process: ChildProcess;
  /** The next message it sends. @throws Error when it ends first. */
  next(): Promise<unknown>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts a program of `processes/` in a Node process of its own. */
export function startChild(name: string, ...parameters: string[]): Child {
  const path = fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url));
  const child = fork(path, parameters, {
    execArgv: ["--import", "tsx", "--expose-gc"],
    env: { ...process.env, GRPC_VERBOSITY: "NONE" },
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  cleanUp(kill);
  const received: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  child.on("message", (message) => {
    const waiter = waiting.shift();
    if (waiter === undefined) received.push(message);
    else waiter(message);
  });
  const next = () =>
    received.length > 0
      ? Promise.resolve(received.shift())
      : Promise.race([
          new Promise<unknown>((resolve) => waiting.push(resolve)),
          gone.then(() => raise(`${name} ended with ${child.exitCode ?? child.signalCode}`)),
        ]);
  return { process: child, next, kill };
}
