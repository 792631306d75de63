import { expect } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { grow, inProject } from "./growing-project.ts";

const check = async () => (await runCommand(["sync", "--check"], { cwd: inProject() })).code;

/** The heading of the lines that the user has to add to a file. */
export const lines = (path: string) => `${path} has a layout of your own. Add these lines:\n`;

/** Runs twice; both say the same lines and end with 1, and so does the check until they are there. */
export async function growTwice() {
  expect((await grow()).code).toBe(1);
  const again = await grow();
  expect(again).toMatchObject({ code: 1, changed: [] });
  expect(await check()).toBe(1);
  return again.output;
}

export async function expectDone(): Promise<void> {
  const { code, output, changed } = await grow();
  expect({ code, changed }).toEqual({ code: 0, changed: [] });
  expect(output).not.toContain("Add these lines");
  expect(await check()).toBe(0);
}
