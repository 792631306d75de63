// @module-tag installs

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../tooling/packed/commands.ts";
import { writeFiles } from "../scaffold/support.ts";
import { codeBlocks, shellCommands } from "../support/markdown.ts";
import { whileServing } from "../support/serving.ts";
import { createSandbox, type Sandbox } from "./packed.ts";

/** What the services of docs/adopt.md have before. */
const peers = {
  "@grpc/proto-loader": "0.8.1",
  "@nestjs/common": "12.5.1",
  "@nestjs/core": "12.5.1",
  "@nestjs/microservices": "12.1.1",
  "reflect-metadata": "0.2.2",
  rxjs: "7.8.2",
  "ts-proto": "2.18.0",
  tsx: "4.23.15",
};

const tsProto = `version: v2
inputs:
  - directory: proto
plugins:
  - local: protoc-gen-ts_proto
    out: ts-proto
    opt: [outputServices=grpc-js, esModuleInterop=true, importSuffix=.js, env=node]
`;

let place: Sandbox;

beforeAll(async () => {
  place = await createSandbox();
  const guide = await readFile(new URL("../../docs/adopt.md", import.meta.url), "utf8");
  const blocks = codeBlocks(guide).filter(({ language }) => language !== "sh");
  const named = blocks.map(({ text }) => [/^(?:\/\/|#) (\S+)\n/.exec(text)?.[1] ?? "", text]);
  await writeFiles(place.folder, {
    ...Object.fromEntries(named),
    "package.json": JSON.stringify({ name: "shop", private: true, dependencies: peers }),
    "buf.gen.ts-proto.yaml": tsProto,
    "ts-proto/package.json": '{ "type": "module" }',
  });
  const { tool, library } = place.tarballs;
  for (const command of shellCommands(guide)) {
    // The packages of this checkout in place of those of a registry.
    const local = command
      .replace(" grpc-service ", ` file:${library.path} `)
      .replace(" create-grpc-service ", ` file:${tool.path} `);
    await run("sh", ["-c", local], { cwd: place.folder });
  }
  await run("npx", ["buf", "generate", "--template", "buf.gen.ts-proto.yaml"], {
    cwd: place.folder,
  });
}, 300_000);

afterAll(() => place.remove());

/** The response of a call without metadata, from a program of the guide. */
async function call(address: string, method: string, request: string): Promise<string> {
  const args = ["grpc-service", "call", address, `shop.v1.${method}`, request];
  const { stdout } = await run("npx", [...args, "--proto", "proto/shop.proto"], {
    cwd: place.folder,
  });
  return stdout;
}

test.each([
  ["beside proto-loader", "node beside.cjs"],
  ["beside ts-proto", "npx tsx ts-proto.mts"],
  ["old handlers on our server", "node adopted.cjs"],
  ["beside NestJS controllers", "node nest.cjs"],
])("%s: an old and a generated service answer", async (_, command) => {
  await whileServing(command, place.folder, async (address) => {
    const answers = await Promise.all([
      call(address, "ProductService/GetProduct", '{"id":"1"}'),
      call(address, "OrderService/GetOrder", '{"id":"2"}'),
    ]);
    expect(answers).toEqual(['{"id":"1","name":"Lamp"}', '{"id":"2","status":"PAID"}']);
  });
});

test("a rewritten RPC wins over the old one", async () => {
  await whileServing("node adopted.cjs", place.folder, async (address) => {
    expect(await call(address, "ProductService/ListProducts", "{}")).toBe(
      '{"id":"1","name":"Desk"}',
    );
  });
});
