import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { runOwnCopy, versionGap, versionGapText } from "../../../src/scaffold/new/own-copy.ts";
import { temporaryFolder, writeFiles } from "../support.ts";

let project: string;

beforeEach(async () => {
  project = await temporaryFolder();
});

const record = (version: string) =>
  JSON.stringify({ version, answers: { name: "x", starter: "", packageManager: "npm" } });
const copy = "node_modules/create-grpc-service";
const program = `${copy}/dist/create-grpc-service.js`;

test("the same version everywhere: nothing to say, and nothing else to run", async () => {
  await writeFiles(project, {
    ".create-grpc-service.json": record("0.2.0"),
    [`${copy}/package.json`]: '{"version":"0.2.0"}',
    [program]: "",
  });
  const gap = await versionGap(project, "0.2.0");
  expect(gap).toEqual({ recorded: undefined, copy: undefined });
  expect(versionGapText(gap, "0.2.0")).toBe("");
});

test("an installed copy of another version is the one to run, with its exit code", async () => {
  await writeFiles(project, {
    ".create-grpc-service.json": record("0.1.0"),
    [`${copy}/package.json`]: '{"version":"0.1.0"}',
    [program]: `require("node:fs").writeFileSync("ran", process.argv.slice(2).join()); process.exit(3);`,
  });
  const gap = await versionGap(project, "0.2.0");
  expect(gap.copy).toEqual({ version: "0.1.0", program: join(project, program) });
  if (gap.copy === undefined) throw new Error("no copy");
  expect(await runOwnCopy(gap.copy, [".", "--dry-run"], project)).toBe(3);
  expect(await readFile(join(project, "ran"), "utf8")).toBe(".,--dry-run");
});

test("a copy that a workspace above has installed is found", async () => {
  const place = join(project, "services/orders");
  await writeFiles(project, {
    "services/orders/.create-grpc-service.json": record("0.1.0"),
    [`${copy}/package.json`]: '{"version":"0.1.0"}',
    [program]: "",
  });
  const gap = await versionGap(place, "0.2.0");
  expect(gap.copy).toEqual({ version: "0.1.0", program: join(project, program) });
});

test("without an installed copy the difference is said", async () => {
  await writeFiles(project, { ".create-grpc-service.json": record("0.1.0") });
  const gap = await versionGap(project, "0.2.0");
  expect(gap).toEqual({ recorded: "0.1.0", copy: undefined });
  expect(versionGapText(gap, "0.2.0")).toBe(
    "This project was written by create-grpc-service 0.1.0, and this is 0.2.0; grpc-service upgrade brings its files up to that.\n",
  );
});

test.each([
  ["no record", {}],
  ["a broken record", { ".create-grpc-service.json": "{" }],
  ["a broken copy", { [`${copy}/package.json`]: "{" }],
  ["a copy without its program", { [`${copy}/package.json`]: '{"version":"0.1.0"}' }],
])("%s: nothing to say", async (_, files) => {
  await writeFiles(project, files);
  const gap = await versionGap(project, "0.2.0");
  expect(gap).toEqual({ recorded: undefined, copy: undefined });
});
