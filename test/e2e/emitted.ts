import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attempt, run } from "../../tooling/packed/commands.ts";
import { readTree } from "../support/emitted-files.ts";
import { shellCommands } from "../support/markdown.ts";
import { whileServing } from "../support/serving.ts";

const needNothing = ["npm install", "npm run lint", "npm run test", "npm run build"];
const changeNothing = [
  ...["npm run format", "npm run generate", "npx grpc-service sync"],
  "npx grpc-service describe",
];
const needServer = ["npm run client", "npx grpc-service call"];
/** The call has not reached a handler, or the handler has a bug. */
const failed = /\b(?:UNAUTHENTICATED|UNIMPLEMENTED|UNAVAILABLE|INTERNAL|UNKNOWN)\b/;
const doctor = "npx grpc-service doctor";
const known = [...needNothing, ...changeNothing, ...needServer, "npm run dev", doctor];

/** Installs a project, checks it and runs its tests. */
export function passesAsEmitted(project: () => string): void {
  test.each(needNothing)("%s", async (command) => {
    await run("sh", ["-c", command], { cwd: project() });
  });
}

/**
 * Runs every command in the shell blocks of README.md, AGENTS.md and docs/cookbook.md of an installed project. One that
 * is not listed above fails.
 *
 * @param project its folder
 * @param answer what the call by hand in the cookbook prints. Default: a response, or a refusal of the handler
 */
export function worksAsEmitted(project: () => string, answer?: RegExp): void {
  const shell = (command: string, env: Record<string, string> = {}) =>
    run("sh", ["-c", command], { cwd: project(), env });

  async function shown(): Promise<string[]> {
    const read = (name: string) => readFile(join(project(), name), "utf8");
    const documents = await Promise.all(["README.md", "AGENTS.md", "docs/cookbook.md"].map(read));
    return documents.flatMap(shellCommands);
  }

  test("the documents show the commands that are run here, and no others", async () => {
    const names = (await shown()).map((command) => command.split(" ").slice(0, 3).join(" "));
    expect([...new Set(names)].sort()).toEqual([...known].sort());
  });

  passesAsEmitted(project);

  test.each(changeNothing)("%s changes nothing in a new project", async (command) => {
    const before = readTree(project());
    await shell(command);
    expect(readTree(project())).toEqual(before);
  });

  test(`${doctor} finds nothing wrong`, async () => {
    const free = { ADDRESS: "127.0.0.1:0", SERVER_ADDRESS: "127.0.0.1:1" };
    const { stdout } = await shell(doctor, free);
    expect(stdout).toMatch(/^ok +generated code /m);
    expect(stdout).not.toMatch(/^(?:failure|warning) /m);
  });

  test("npm run dev serves npm run client and the call by hand", async () => {
    const call =
      (await shown()).find((command) => command.startsWith("npx grpc-service call ")) ?? "";
    await whileServing("npm run dev", project(), async (address) => {
      await shell("npm run client", { SERVER_ADDRESS: address });
      // The documented port may be in use.
      const env = { SERVER_ADDRESS: address };
      const { stdout, stderr } = await attempt("sh", ["-c", call], { cwd: project(), env });
      const printed = `${stdout}\n${stderr}`;
      expect(printed).toMatch(answer ?? /^\{|\b[A-Z]+_?[A-Z_]*\b/m);
      if (answer === undefined) expect(printed).not.toMatch(failed);
    });
  });
}
