import { create, toBinary } from "@bufbuild/protobuf";
import { DescriptorProtoSchema, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BundledPlugin, bundlePlugin } from "./bundled.ts";
import { bytesOf, fileOf, lengthDelimited, requestOf, responseOf } from "./requests.ts";

let plugin: BundledPlugin;

beforeAll(async () => {
  plugin = await bundlePlugin("large-requests");
});

afterAll(() => plugin.remove());

/** The files for a proto with one service, `a.proto`. */
const printed = ["a_client.ts", "a_codec.ts", "a_grpc.ts"];

describe("large requests", () => {
  test("5 000 services of 10 methods", { timeout: 120_000 }, () => {
    const method = Array.from({ length: 10 }, (_, i) => {
      return { name: `Method${i}`, inputType: ".M", outputType: ".M" };
    });
    const service = Array.from({ length: 5000 }, (_, i) => ({ name: `Service${i}`, method }));
    const run = plugin.run(requestOf({ service }));
    expect(responseOf(run).file[0]?.content).toContain("export class Service4999Client {");
    expect(run.milliseconds).toBeLessThan(10_000);
    expect(run.megabytes).toBeLessThan(512);
  });

  test("one service of 10 000 methods", { timeout: 120_000 }, () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `Method${i}`);
    const messageType = names.map((name) => ({ name: `${name}Request` }));
    const method = names.map((name) => {
      return { name, inputType: `.${name}Request`, outputType: `.${name}Request` };
    });
    const run = plugin.run(requestOf({ messageType, service: [{ name: "S", method }] }));
    expect(responseOf(run).file[0]?.content).toContain("  method9999(");
    expect(run.milliseconds).toBeLessThan(10_000);
    expect(run.megabytes).toBeLessThan(512);
  });

  test("50 MB of descriptors", { timeout: 120_000 }, () => {
    const run = plugin.run(Buffer.concat([requestOf(), ...otherFiles(50_000_000)]));
    expect(responseOf(run).file.map(({ name }) => name)).toEqual(printed);
    expect(run.megabytes).toBeLessThan(1024);
  });

  test("50 MB in 500 000 messages", { timeout: 120_000 }, () => {
    const file = toBinary(FileDescriptorProtoSchema, fileOf());
    const request = bytesOf({ fileToGenerate: ["a.proto"], parameter: "target=ts" });
    const protoFile = lengthDelimited(15, Buffer.concat([file, manyMessages(500_000)]));
    const run = plugin.run(Buffer.concat([request, protoFile]));
    expect(responseOf(run).file.map(({ name }) => name)).toEqual(printed);
    expect(run.megabytes).toBeLessThan(1000);
  });

  test("a comment of 50 MB is cut", { timeout: 120_000 }, () => {
    const location = [{ path: [6, 0], leadingComments: "x \n".repeat(17_000_000) }];
    const run = plugin.run(requestOf({ sourceCodeInfo: { location } }));
    for (const { content } of responseOf(run).file) {
      expect(content.length).toBeLessThan(1_000_000);
    }
    expect(run.megabytes).toBeLessThan(1024);
  });
});

/** Messages of a file, 100 bytes each. */
function manyMessages(count: number): Uint8Array {
  const number = "000000";
  const field = [{ name: "field".padEnd(66, "_"), number: 1, type: 9, label: 1 }];
  const message = create(DescriptorProtoSchema, { name: `Many${number}`, field });
  const one = lengthDelimited(4, toBinary(DescriptorProtoSchema, message));
  const all = Buffer.alloc(one.length * count, one);
  const start = one.indexOf(number);
  for (let i = 0; i < count; i++) {
    all.write(`${i}`.padStart(number.length, "0"), i * one.length + start);
  }
  return all;
}

/** Files for a request, at least this many bytes together: messages with comments. */
function otherFiles(bytes: number): Uint8Array[] {
  const field = Array.from({ length: 10 }, (_, i) => ({
    name: `field_${i}`,
    number: i + 1,
    type: 9,
  }));
  const messageType = Array.from({ length: 500 }, (_, i) => ({ name: `Message${i}`, field }));
  const location = messageType.flatMap((_, i) =>
    field.map((_, j) => ({
      path: [4, i, 2, j],
      span: [i, j, 99],
      leadingComments: "A field. ".repeat(9),
    })),
  );
  const sourceCodeInfo = { location };
  const file = toBinary(
    FileDescriptorProtoSchema,
    create(FileDescriptorProtoSchema, { syntax: "proto3", messageType, sourceCodeInfo }),
  );
  return Array.from({ length: Math.ceil(bytes / file.length) }, (_, i) => {
    const names = create(FileDescriptorProtoSchema, {
      name: `other${i}.proto`,
      package: `other${i}`,
    });
    // In protobuf, messages one after the other are one message.
    return lengthDelimited(15, Buffer.concat([file, toBinary(FileDescriptorProtoSchema, names)]));
  });
}
