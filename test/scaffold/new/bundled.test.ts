import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BundledPlugin, bundlePlugin } from "../../plugin/bundled.ts";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

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

const execute = (cwd: string, ...args: string[]) => executeIn(scaffolder, cwd, args);

const executeIn = (command: string, cwd: string, args: readonly string[]) =>
  promisify(execFile)(process.execPath, [command, ...quick, ...args], { cwd });

test("it creates the same starter as the sources, without the compiler", async () => {
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

test("it creates the same project from a proto as the sources, whatever the line ends of comments", async () => {
  const cwd = await temporaryFolder();
  const docs = "/* one\r\n * two\rthree\u2028four\u2029five\r\n */\r\n";
  const text = `// head\r\n${proto("a").replace("message", `${docs}message`).replace("rpc", `${docs}rpc`)}`;
  await writeFiles(cwd, { "a.proto": text });
  const args = ["--name", "demo", "--self", "0.1.0", "--proto", "a.proto"];
  // Here, the repository's compiler is found.
  const command = join(dirname(bundled.path), "create-grpc-service.js");
  await executeIn(command, cwd, ["bundled", ...args]);
  await run(["sources", ...quick, ...args], { cwd });
  const files = await readFiles(join(cwd, "bundled"));
  expect(files).toEqual(await readFiles(join(cwd, "sources")));
  // As the project's own protoc-gen-es prints them.
  expect(files.get("src/gen/a_pb.ts")).toContain("one\r\n");
});

test("a proto needs the compiler", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "a.proto": proto("a") });
  await expect(execute(cwd, "demo", "--proto", "a.proto")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^create-grpc-service: @bufbuild\/buf-.* is not installed/),
  });
});
