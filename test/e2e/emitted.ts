import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../tooling/packed/commands.ts";
import { readTree } from "../support/emitted-files.ts";

/** What every installed project does, whatever it was made from. */
export function worksAsEmitted(project: () => string): void {
  const npm = (...args: string[]) => run("npm", args, { cwd: project() });

  test("formats, lints and type-checks as emitted", () => npm("run", "lint"));

  test("passes its own tests as emitted", () => npm("test"));

  test("generates what the scaffolder wrote", async () => {
    const gen = join(project(), "src/gen");
    const before = await readTree(gen);
    await npm("run", "generate");
    expect(await readTree(gen)).toEqual(before);
  });
}
