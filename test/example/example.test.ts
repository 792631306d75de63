import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleFolder, scaffoldExample } from "../../scripts/example/scaffold.ts";
import { readTree } from "../support/emitted-files.ts";

const mend = "differs from what the scaffolder writes: run `npm run example`, read the diff";

describe("examples/user-service", () => {
  let project: string;
  let written: Map<string, string>;
  let checkedIn: Map<string, string>;

  beforeAll(async () => {
    project = await scaffoldExample();
    written = readTree(project);
    checkedIn = readTree(exampleFolder);
  });
  afterAll(() => rm(dirname(project), { recursive: true, force: true }));

  test("has the files that the scaffolder writes, and no others", () => {
    expect([...checkedIn.keys()], `the list of files ${mend}`).toEqual([...written.keys()]);
  });

  test("has their contents, byte for byte", () => {
    for (const [path, content] of written) {
      expect(checkedIn.get(path), `${path} ${mend}`).toBe(content);
    }
  });
});
