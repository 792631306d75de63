import { isImportError } from "../project/code.ts";
import { watchFailedParses } from "../project/failed-parses.ts";
import { reason } from "../project/reason.ts";
import type { Report, TaskMessage, TaskName } from "./task.ts";

/** The code of each task, loaded when it runs. */
const tasks: {
  readonly [T in TaskName]: (report: Report<T>, args: readonly string[]) => Promise<void>;
} = {
  async doctor(report) {
    const { inspect } = await import("../doctor/inspect/inspect.ts");
    await inspect(process.cwd(), report);
  },
  async token(report, args) {
    const { signProjectToken } = await import("../token/sign.ts");
    await signProjectToken(process.cwd(), args, report);
  },
};

/** The process that `runTask` starts in the root of a project, with its tsx: runs one task and exits. */
async function main(name: string | undefined, args: readonly string[]): Promise<void> {
  process.once("disconnect", () => process.exit(1));
  process.on("uncaughtException", (error) => {
    if (isImportError(error)) return;
    void finish({
      kind: "failed",
      reason: `uncaught error in the project's code: ${reason(error)}`,
    });
  });
  watchFailedParses();
  if (name !== "doctor" && name !== "token") throw new Error(`unknown task ${name}`);
  await run(name, args);
  await finish({ kind: "done" });
}

function run<T extends TaskName>(name: T, args: readonly string[]): Promise<void> {
  return tasks[name]((part) => void send<T>({ kind: "part", part }), args);
}

async function finish(message: TaskMessage<TaskName>): Promise<void> {
  await send(message);
  // The project's code may have opened what keeps the process alive.
  process.exit();
}

/** Resolves when the message has been written. Messages arrive in order. */
function send<T extends TaskName>(message: TaskMessage<T>): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(JSON.stringify(message), () => resolve());
  });
}

main(process.argv[2], process.argv.slice(3)).catch((error: unknown) =>
  finish({ kind: "failed", reason: reason(error) }),
);
