import { join } from "node:path";
import { expect, test } from "vitest";
import { quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

test("a list of services that takes several lines in the demo client is up to date", async () => {
  const cwd = await temporaryFolder();
  const names = ["User", "Order", "Payment", "Inventory", "Delivery"];
  const services = names.map((name) => `service ${name}Service { rpc Get(M) returns (M); }`);
  const text = ['syntax = "proto3";', "package shop;", "message M {}", ...services].join("\n");
  await writeFiles(cwd, { "shop.proto": text });
  expect((await run(["demo", ...quick, "--proto", "shop.proto"], { cwd })).code).toBe(0);
  const before = await readFiles(join(cwd, "demo"));
  expect(before.get("src/client/index.ts")).toMatch(/connect\(\s*\[\n/);
  const { code, output } = await run(["demo"], { cwd });
  expect(output).not.toContain("changed 1 file");
  expect(code).toBe(0);
  expect(await readFiles(join(cwd, "demo"))).toEqual(before);
});
