import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  DescriptorProtoSchema,
  Edition,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { packageVersion } from "../../src/package-root.ts";
import { type BundledPlugin, bundlePlugin, type Run } from "./bundled.ts";

let plugin: BundledPlugin;

beforeAll(async () => {
  plugin = await bundlePlugin("process");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

afterAll(() => plugin.remove());

type RequestInit = MessageInitShape<typeof CodeGeneratorRequestSchema>;

function bytesOf(init: RequestInit): Uint8Array {
  return toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, init));
}

type FileInit = MessageInitShape<typeof FileDescriptorProtoSchema>;

/** The file `a.proto`. */
function fileOf(file: FileInit = {}) {
  const method = { name: "Get", inputType: ".M", outputType: ".M" };
  return create(FileDescriptorProtoSchema, {
    name: "a.proto",
    syntax: "proto3",
    messageType: [{ name: "M" }],
    service: [{ name: "S", method: [method] }],
    ...file,
  });
}

/** A request for code of the one file `a.proto`, with more files behind it. */
function requestOf(file: FileInit = {}, ...others: FileInit[]): Uint8Array {
  return bytesOf({
    fileToGenerate: ["a.proto"],
    protoFile: [fileOf(file), ...others],
    parameter: "target=ts",
  });
}

function responseOf({ status, stdout, stderr }: Run) {
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return fromBinary(CodeGeneratorResponseSchema, stdout);
}

function expectOneLine({ status, stdout, stderr, milliseconds }: Run): void {
  expect(stderr).toMatch(/^protoc-gen-grpc-service: .+\n$/);
  expect(stderr).not.toContain("call stack");
  expect(stdout).toHaveLength(0);
  expect(status).toBe(1);
  expect(milliseconds).toBeLessThan(1000);
}

test("prints its version", () => {
  const { status, stdout } = plugin.run(new Uint8Array(), "--version");
  expect(stdout.toString()).toBe(`protoc-gen-grpc-service v${packageVersion()}\n`);
  expect(status).toBe(0);
});

test("answers an empty request with an empty response", () => {
  const { file, error } = responseOf(plugin.run(new Uint8Array()));
  expect({ file, error }).toEqual({ file: [], error: "" });
});

test("reports an invalid request in the response", () => {
  const { error } = responseOf(plugin.run(bytesOf({ parameter: "nope" })));
  expect(error).toMatch(/^unknown option "nope"/);
});

test("locale and time zone change nothing", () => {
  const names = ["z", "Z", "i", "I", "_", "a10", "a9"].map((name) => ({ name }));
  const method = names.map(({ name }) => ({ name, inputType: `.${name}`, outputType: `.${name}` }));
  const request = requestOf({ messageType: names, service: [{ name: "S", method }] });
  const plain = plugin.run(request);
  vi.stubEnv("LC_ALL", "tr_TR.UTF-8");
  vi.stubEnv("TZ", "Pacific/Kiritimati");
  expect(responseOf(plugin.run(request))).toEqual(responseOf(plain));
  vi.stubEnv("LC_ALL", "C");
  expect(responseOf(plugin.run(request))).toEqual(responseOf(plain));
});

test("line ends of the source change nothing", () => {
  const withEnds = (end: string) => {
    const leadingComments = ` One.${end} Two.${end}`;
    const location = [[12], [6, 0], [6, 0, 2, 0]].map((path) => ({ path, leadingComments }));
    return responseOf(plugin.run(requestOf({ sourceCodeInfo: { location } })));
  };
  expect(withEnds("\r\n")).toEqual(withEnds("\n"));
});

describe("invalid requests", () => {
  const valid = requestOf();

  test.each([1, 19, valid.length - 7])("cut off after %i bytes", (length) => {
    expectOneLine(plugin.run(valid.subarray(0, length)));
  });

  test.each([1, 2])("random bytes, %i", (seed) => {
    expectOneLine(
      plugin.run(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 * seed + 13) & 255)),
    );
  });

  test("messages nested 10 000 deep", () => {
    const run = plugin.run(nestedRequest(10_000));
    expectOneLine(run);
    expect(run.stderr).toContain("maximum recursion depth of 100 reached");
  });
});

/** Made as bytes: libraries cannot write what they cannot read. */
function nestedRequest(depth: number): Uint8Array {
  let message: Uint8Array = new Uint8Array();
  for (let i = 0; i < depth; i++) {
    message = lengthDelimited(3, message);
  }
  return lengthDelimited(15, lengthDelimited(4, message));
}

function lengthDelimited(field: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = body.length; ; rest >>>= 7) {
    if (rest < 128) {
      return Buffer.concat([Uint8Array.of((field << 3) | 2, ...length, rest), body]);
    }
    length.push((rest & 127) | 128);
  }
}

describe("requests that a compiler would not send", () => {
  test("circular imports are reported", () => {
    const b = { name: "b.proto", syntax: "proto3", dependency: ["a.proto"] };
    const run = plugin.run(requestOf({ dependency: ["b.proto"] }, b));
    expect(responseOf(run).error).toBe("imports in a circle: a.proto -> b.proto -> a.proto");
    expect(run.milliseconds).toBeLessThan(1000);
  });

  test("edition 9999 is refused with the supported editions", () => {
    const run = plugin.run(requestOf({ syntax: "editions", edition: Edition.EDITION_UNSTABLE }));
    expect(responseOf(run).error).toBe(
      "a.proto: edition UNSTABLE (9999) is not supported: supported are proto2, proto3 and editions 2023 to 2026",
    );
  });
});

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
    expect(responseOf(run).file.map(({ name }) => name)).toEqual([
      "a_client.ts",
      "a_codec.ts",
      "a_grpc.ts",
    ]);
    expect(run.megabytes).toBeLessThan(1024);
  });

  test("50 MB in 500 000 messages", { timeout: 120_000 }, () => {
    const file = toBinary(FileDescriptorProtoSchema, fileOf());
    const request = bytesOf({ fileToGenerate: ["a.proto"], parameter: "target=ts" });
    const protoFile = lengthDelimited(15, Buffer.concat([file, manyMessages(500_000)]));
    const run = plugin.run(Buffer.concat([request, protoFile]));
    expect(responseOf(run).file.map(({ name }) => name)).toEqual([
      "a_client.ts",
      "a_codec.ts",
      "a_grpc.ts",
    ]);
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

/** Files as requests have them, messages with comments, of so many bytes together. */
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
