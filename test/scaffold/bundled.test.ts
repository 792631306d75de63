import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BundledPlugin, bundlePlugin } from "../plugin/bundled.ts";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "./support.ts";

/** What is published, where nothing else is installed: no compiler either. */
let scaffolder: string;
let bundled: BundledPlugin;

beforeAll(async () => {
  bundled = await bundlePlugin("scaffolder");
  const folder = await temporaryFolder();
  await cp(dirname(dirname(bundled.path)), folder, { recursive: true });
  scaffolder = join(folder, "dist", "create-grpc-service.js");
});

afterAll(() => bundled.remove());

const execute = (cwd: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [scaffolder, ...args, ...quick], { cwd });

test("it makes the starter that the sources make, without the compiler they run", async () => {
  const cwd = await temporaryFolder();
  const self = ["--self", "0.1.0"];
  await execute(cwd, "bundled", "--name", "demo", ...self);
  await run(["sources", ...quick, "--name", "demo", ...self], { cwd });
  const [ours, theirs] = [
    await readFiles(join(cwd, "bundled")),
    await readFiles(join(cwd, "sources")),
  ];
  expect([...ours.keys()]).toEqual([...theirs.keys()]);
  expect(ours).toEqual(theirs);
});

test("a proto needs the compiler", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "a.proto": proto("a") });
  await expect(execute(cwd, "demo", "--proto", "a.proto")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^create-grpc-service: @bufbuild\/buf-.* is not installed/),
  });
});
