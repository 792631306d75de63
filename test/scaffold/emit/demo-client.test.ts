import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { lendModules, quick, run, temporaryFolder, writeFiles } from "../support.ts";

const shop = `syntax = "proto3";
package shop;
message Order {}
service Shop {
  rpc Look(Order) returns (Order);
  rpc DeleteOrder(Order) returns (Order);
}
`;

test("the demo client calls nothing on another machine without consent", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "shop.proto": shop });
  expect((await run(["demo", "--proto", "shop.proto", ...quick], { cwd })).code).toBe(0);
  await lendModules(join(cwd, "demo"));
  const tsx = join(packageRoot(), "node_modules/tsx/dist/cli.mjs");
  const client = (...args: string[]) =>
    execa(process.execPath, [tsx, "src/client/index.ts", ...args], {
      cwd: join(cwd, "demo"),
      env: { SERVER_ADDRESS: "shop.invalid:1" },
      reject: false,
    });

  const careful = await client();
  expect(careful.exitCode).toBe(1);
  expect(careful.stdout).toBe("");
  expect(careful.stderr.split("\n")).toEqual([
    "shop.invalid:1 is not this machine. Nothing was called. With --anywhere this would be called:",
    "  shop.Shop/Look",
    "  shop.Shop/DeleteOrder",
  ]);

  const told = await client("--anywhere");
  expect(told.exitCode).toBe(1);
  expect(told.stdout).toMatch(/^shop\.Shop\/DeleteOrder UNAVAILABLE /m);
  expect(told.stdout).toContain("doctor");
});
