import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execaNode } from "execa";
import { parseJson, property } from "../../json.ts";
import type { Host } from "../../terminal/host.ts";
import type { Project } from "../project/find-project.ts";
import { findPackage, installCommand, type Manifest } from "../project/manifest.ts";
import { errorLine } from "../project/reason.ts";
import type { TaskMessage, TaskName, TaskReports } from "./task.ts";

/** How a task ended. */
export interface TaskResult<T extends TaskName> {
  /** Everything it reported. */
  readonly report: Partial<TaskReports[T]>;
  /** Why it did not finish, in one line; undefined if it did. */
  readonly failure: string | undefined;
  /** How to fix that, if it is known. */
  readonly remedy?: string;
}

/** Time limit of a task. */
const defaultTimeoutMs = 60_000;

/**
 * Runs a task in a child process that can import the project's TypeScript, because it has the project's
 * tsx. Whatever the project's code does there, this process is not affected.
 */
export async function runTask<T extends TaskName>(
  name: T,
  args: readonly string[],
  { root, manifest }: Project,
  { env, signal }: Pick<Host, "env" | "signal">,
  timeoutMs = defaultTimeoutMs,
): Promise<TaskResult<T>> {
  const tsx = findTsx(root);
  if (tsx === undefined) {
    const failure = "the project's TypeScript cannot be loaded: tsx is missing or broken";
    return { report: {}, failure, remedy: tsxRemedy(root, manifest) };
  }
  const { exitCode, timedOut, ipcOutput, stderr } = await execaNode(
    taskProcess(),
    [name, ...args],
    {
      cwd: root,
      env,
      extendEnv: false,
      nodeOptions: ["--import", tsx],
      stdin: "ignore",
      stdout: "ignore",
      cancelSignal: signal,
      timeout: timeoutMs,
      // The project's code may ignore SIGTERM.
      killSignal: "SIGKILL",
      reject: false,
    },
  );
  const messages = ipcOutput.flatMap((message) => parseMessage<T>(message) ?? []);
  const report: Partial<TaskReports[T]> = {};
  for (const message of messages) if (message.kind === "part") Object.assign(report, message.part);
  const last = messages.at(-1);
  if (last?.kind === "done") return { report, failure: undefined };
  if (last?.kind === "failed") return { report, failure: last.reason };
  const line = errorLine(stderr);
  const failure = timedOut
    ? `the project's code did not finish within ${timeoutMs / 1000} s`
    : `the project's code ended the process with exit code ${exitCode ?? "none"}${line === undefined ? "" : `: ${line}`}`;
  return { report, failure };
}

function tsxRemedy(root: string, { packageManager }: Manifest): string {
  const found = findPackage(root, "tsx");
  if (found.state === "missing") return installCommand(packageManager);
  return installCommand(packageManager, relative(root, found.folder).replaceAll("\\", "/"));
}

/** URL of the project's tsx for `node --import`. */
function findTsx(root: string): string | undefined {
  try {
    return pathToFileURL(createRequire(join(root, "package.json")).resolve("tsx")).href;
  } catch {
    return undefined;
  }
}

/** Path of the child's program: a module here, or a file of its own in the bundle. */
function taskProcess(): string {
  const self = fileURLToPath(import.meta.url);
  return join(dirname(self), self.endsWith(".ts") ? "task-process.ts" : "task-process.js");
}

/** Undefined for a message that the project's code or tsx sent. */
function parseMessage<T extends TaskName>(text: unknown): TaskMessage<T> | undefined {
  if (typeof text !== "string" || property(parseJson(text), "kind") === undefined) return undefined;
  return JSON.parse(text);
}
