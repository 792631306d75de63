import { once } from "node:events";
import { createServer } from "node:http2";
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

/** Scaffolds a project, and returns how to run its demo client. */
async function demoClient(address: string) {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "shop.proto": shop });
  expect((await run(["demo", "--proto", "shop.proto", ...quick], { cwd })).code).toBe(0);
  await lendModules(join(cwd, "demo"));
  const tsx = join(packageRoot(), "node_modules/tsx/dist/cli.mjs");
  return (...args: string[]) =>
    execa(process.execPath, [tsx, "src/client/index.ts", ...args], {
      cwd: join(cwd, "demo"),
      env: { SERVER_ADDRESS: address },
      reject: false,
    });
}

test("the demo client calls nothing on another machine without consent", async () => {
  const client = await demoClient("shop.invalid:1");
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

test.each([
  { status: "16", name: "UNAUTHENTICATED", hint: true },
  { status: "14", name: "UNAVAILABLE", hint: true },
  { status: "5", name: "NOT_FOUND", hint: false },
])("the demo client fails after $name; hint at the doctor: $hint", async (answer) => {
  const server = createServer();
  server.on("stream", (stream) => {
    const headers = { "content-type": "application/grpc", "grpc-status": answer.status };
    stream.respond(headers, { endStream: true });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  try {
    const client = await demoClient(`127.0.0.1:${port}`);
    const { exitCode, stdout } = await client();
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`shop.Shop/Look ${answer.name}`);
    expect(stdout).toContain("0 not implemented yet, 2 failed");
    expect(stdout.includes("doctor")).toBe(answer.hint);
  } finally {
    server.close();
  }
});
