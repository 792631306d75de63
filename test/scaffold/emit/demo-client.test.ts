import { once } from "node:events";
import { createServer, type Http2Server } from "node:http2";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { makeCertificates } from "../../commands/support/certificates.ts";
import { startSilent } from "../../support/silent-server.ts";
import { lendModules, quick, run, temporaryFolder, writeFiles } from "../support.ts";

const shop = `syntax = "proto3";
package shop;
message Order { int64 id = 1; }
service Shop {
  rpc Look(Order) returns (Order);
  rpc DeleteOrder(Order) returns (Order);
}
`;

/** Scaffolds a project, and returns how to run its demo client. */
async function demoClient(address: string, variables: Readonly<Record<string, string>> = {}) {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "shop.proto": shop });
  expect((await run(["demo", "--proto", "shop.proto", ...quick], { cwd })).code).toBe(0);
  await lendModules(join(cwd, "demo"));
  const tsx = join(packageRoot(), "node_modules/tsx/dist/cli.mjs");
  return (...args: string[]) =>
    execa(process.execPath, [tsx, "src/client/index.ts", ...args], {
      cwd: join(cwd, "demo"),
      env: { SERVER_ADDRESS: address, ...variables },
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
  expect(told.stdout).toMatch(
    /^shop\.Shop\/DeleteOrder UNAVAILABLE no connection to shop\.invalid:1: Name resolution failed$/m,
  );
  expect(told.stdout).toContain("doctor");
});

test("the demo client prints responses as grpc-service call does", async () => {
  const server = createServer();
  server.on("stream", (stream) => {
    const headers = { "content-type": "application/grpc" };
    stream.respond(headers, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 7])); // an Order with the id 7
  });
  const client = await demoClient(await listen(server));
  const { exitCode, stdout } = await client();
  expect(stdout.split("\n").slice(0, 2)).toEqual([
    'shop.Shop/Look {"id":"7"}',
    'shop.Shop/DeleteOrder {"id":"7"}',
  ]);
  expect(exitCode).toBe(0);
});

test("the demo client ends when a server never answers its TLS handshake", async () => {
  const { ca } = await makeCertificates();
  const address = await startSilent();
  const client = await demoClient(address, { CLIENT_CA_FILE: ca });
  const { exitCode, stdout, stderr } = await client();
  const failure = `UNAVAILABLE no connection to ${address}: no answer within 4 s`;
  expect(stdout.split("\n")).toEqual([
    `shop.Shop/Look ${failure}`,
    `shop.Shop/DeleteOrder ${failure}`,
    "0 not implemented yet, 0 refused, 2 failed",
    "npx grpc-service doctor finds out why.",
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
});

test.each([
  { status: "16", name: "UNAUTHENTICATED", hint: true },
  { status: "14", name: "UNAVAILABLE", hint: false },
  { status: "5", name: "NOT_FOUND", hint: false },
])("the demo client fails after $name; hint at the doctor: $hint", async (answer) => {
  const server = createServer();
  server.on("stream", (stream) => {
    const headers = { "content-type": "application/grpc", "grpc-status": answer.status };
    stream.respond(headers, { endStream: true });
  });
  const client = await demoClient(await listen(server));
  const { exitCode, stdout } = await client();
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`shop.Shop/Look ${answer.name}`);
  expect(stdout).toContain("0 not implemented yet, 0 refused, 2 failed");
  expect(stdout.includes("doctor")).toBe(answer.hint);
});

test("an empty request that a handler refuses is no failure", async () => {
  const server = createServer();
  server.on("stream", (stream) => {
    const headers = { "content-type": "application/grpc", "grpc-status": "3" };
    stream.respond(headers, { endStream: true });
  });
  const client = await demoClient(await listen(server));
  const { exitCode, stdout } = await client();
  expect(stdout).toContain("0 not implemented yet, 2 refused, 0 failed");
  expect(exitCode).toBe(0);
});

/** Starts a server that stops after the test. @returns its address */
async function listen(server: Http2Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `127.0.0.1:${address.port}`;
}
