import { rename } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

const proto = (rpc: string) =>
  `syntax = "proto3";\nmessage M {}\nservice Orders { rpc ${rpc}(M) returns (M); }\n`;

let cwd: string;
const grow = (...args: string[]) => run(["demo", ...args], { cwd });
const paths = async () => [...(await readFiles(join(cwd, "demo"))).keys()];

beforeEach(async () => {
  cwd = await temporaryFolder();
  await writeFiles(cwd, { "orders.proto": proto("Get") });
  expect((await run(["demo", ...quick, "--proto", "orders.proto"], { cwd })).code).toBe(0);
});

test("without a package, too, an RPC that is renamed is offered", async () => {
  await writeFiles(join(cwd, "demo/proto"), { "orders.proto": proto("Fetch") });
  const { code, output } = await grow();
  expect(code).toBe(1);
  expect(output).toContain("--rename Orders/Get=Orders/Fetch");
});

test("without a package, too, a file that moves makes no second folder", async () => {
  const before = (await paths()).filter((path) => path.startsWith("src/services/"));
  await writeFiles(join(cwd, "demo/proto"), { "v1/.keep": "" });
  await rename(join(cwd, "demo/proto/orders.proto"), join(cwd, "demo/proto/v1/orders.proto"));
  const { code } = await grow();
  expect(code).toBe(0);
  const after = (await paths()).filter((path) => path.startsWith("src/services/"));
  expect(after).toEqual(before);
});
