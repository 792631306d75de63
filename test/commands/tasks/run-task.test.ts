import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { findProject } from "../../../src/commands/project/find-project.ts";
import { runTask } from "../../../src/commands/tasks/run-task.ts";
import { writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject, environment } from "../support/project.ts";

let project: string;
beforeAll(async () => {
  project = await createProject();
});

/** Runs the task of the doctor with this code at the end of src/dependencies.ts. */
async function inspectWith(code: string, timeoutMs?: number) {
  const root = await copyProject(project);
  const text = await readFile(join(root, "src/dependencies.ts"), "utf8");
  await writeFiles(root, { "src/dependencies.ts": `${text}\n${code}` });
  const host = { env: environment, signal: new AbortController().signal };
  return runTask("doctor", [], findProject(root), host, timeoutMs);
}

test("returns what the task reported", async () => {
  const { report, failure } = await inspectWith("");
  expect(failure).toBeUndefined();
  expect(report).toEqual({
    settings: { names: expect.arrayContaining(["ADDRESS", "SERVER_ADDRESS"]), problems: [] },
    config: { address: "127.0.0.1:0", client: { address: "127.0.0.1:1" } },
    resources: [{ status: "skipped", message: "the service has no resources" }],
    answer: { kind: "no server" },
  });
});

test("keeps what was reported before the project's code ended the process", async () => {
  const { report, failure } = await inspectWith("process.exit(3);");
  expect(failure).toBe("the project's code ended the process with exit code 3");
  expect(report).toMatchObject({ settings: { problems: [] }, config: { address: "127.0.0.1:0" } });
  expect(report).not.toHaveProperty("resources");
});

test("keeps what was reported before an uncaught error", async () => {
  const { report, failure } = await inspectWith(
    'setTimeout(() => { throw new Error("late\\nerror"); });\nawait new Promise(() => {});',
  );
  expect(failure).toBe("uncaught error in the project's code: late");
  expect(report).toMatchObject({ settings: { problems: [] } });
});

test("ends code that does not finish", async () => {
  const { failure } = await inspectWith(
    'process.on("SIGTERM", () => {});\nsetInterval(() => {}, 1000);\nawait new Promise(() => {});',
    5000,
  );
  expect(failure).toBe("the project's code did not finish within 5 s");
});

test("does not wait for what the project's code leaves open", async () => {
  expect(await inspectWith("setInterval(() => {}, 1000);")).toMatchObject({ failure: undefined });
});

test("ignores what the project's code sends and prints", async () => {
  const { report, failure } = await inspectWith(
    'process.send?.("hello"); process.send?.({ kind: "done" }); console.log(\'{"kind":"failed"}\');',
  );
  expect(failure).toBeUndefined();
  expect(report).toHaveProperty("resources");
});
