import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  caseNames,
  caseParameter,
  casesDirectory,
  compile,
  filesOf,
  requestFor,
  run,
} from "./support.ts";

const mend =
  "golden files differ: read the difference, then run `npx vitest run test/plugin -u`, twice for a new file";

describe.each(caseNames)("case %s", (name) => {
  const directory = join(casesDirectory, name);
  const expected = join(directory, "expected");
  const response = run(requestFor(compile(directory), caseParameter(name)));
  const files = [...filesOf(response)];

  test.each(files)("prints %s", async (path, content) => {
    await expect(content, mend).toMatchFileSnapshot(join(expected, path));
  });

  test("prints these files and no others", () => {
    const onDisk = existsSync(expected)
      ? readdirSync(expected, { recursive: true, withFileTypes: true })
      : [];
    const paths = onDisk
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(expected.length + 1));
    expect(paths.sort(), mend).toEqual(files.map(([path]) => path));
  });
});
