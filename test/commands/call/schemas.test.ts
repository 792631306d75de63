import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { GrpcError, implement } from "../../../runtime/src/index.ts";
import { serverReflectionDefinition as v1 } from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_grpc.ts";
import { serverReflectionDefinition as v1alpha } from "../../../runtime/src/rpc/grpc/reflection/v1alpha/reflection_grpc.ts";
import { startTestServer } from "../../../runtime/src/testing/index.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { file_things } from "./gen/things_pb.ts";
import { serveThings } from "./support/serve-things.ts";

const protos = join(import.meta.dirname, "proto");
let cwd: string;
beforeAll(async () => {
  cwd = await temporaryFolder();
});
const run = (...args: string[]) => runCommand(args, { cwd });
const called = { code: 0, output: '{"id":"1"}\n', notes: "" };

describe("given protos", () => {
  test("a file, a folder, with imports from -I", async () => {
    const { address } = await serveThings({ reflection: false });
    const call = (...flags: string[]) => run("call", address, "Things/Echo", '{"id":1}', ...flags);
    expect(await call("--proto", join(protos, "things.proto"))).toEqual(called);
    expect(await call("--proto", protos)).toEqual(called);
    await writeFiles(cwd, {
      "a/user.proto": `syntax = "proto3"; package call.test; import "base.proto";
        service Things { rpc Echo(Base) returns (Base); }`,
      "b/base.proto": 'syntax = "proto3"; package call.test; message Base { int64 id = 1; }',
    });
    expect(await call("--proto", "a/user.proto", "-I", "b")).toEqual(called);
  });

  test("a descriptor set, whatever its name", async () => {
    const { address } = await serveThings({ reflection: false });
    // Without the well-known types that it imports.
    await writeFiles(cwd, { "things.protoset": setOf(file_things.proto) });
    expect(
      await run("call", address, "Things/Echo", '{"id":1}', "--proto", "things.protoset"),
    ).toEqual(called);
    expect((await run("list", "--proto", "things.protoset")).output).toBe(
      "call.test.Other\ncall.test.Things\n",
    );
  });

  test.each([
    ["gone.proto", "--proto gone.proto: no such file or folder"],
    ["bad.proto", /^bad\.proto:1:\d+: .*/],
    ["bad.bin", /^--proto bad\.bin is not a \.proto file, a folder or a descriptor set: .*/],
    ["empty.bin", /^--proto empty\.bin is not a .*: it has no file$/],
    [
      "import.bin",
      /^--proto import\.bin: invalid descriptors: b\.proto, which a\.proto imports, is missing$/,
    ],
    ["cycle.bin", /^--proto cycle\.bin: invalid descriptors: a\.proto imports itself$/],
  ])("%s is refused in one line", async (name, message) => {
    await writeFiles(cwd, {
      "bad.proto": "synta",
      "bad.bin": "not a set",
      "empty.bin": "",
      "import.bin": setOf(file("a.proto", "b.proto")),
      "cycle.bin": setOf(file("a.proto", "b.proto"), file("b.proto", "a.proto")),
    });
    const { code, output, notes } = await run("list", "--proto", name);
    expect({ code, output }).toEqual({ code: 64, output: "" });
    expect(notes).toMatch(/^grpc-service: .*\n$/);
    expect(notes.slice("grpc-service: ".length, -1)).toMatch(message);
  });
});

describe("a server without reflection", () => {
  test("is named in one clear line", async () => {
    const { address } = await serveThings({ reflection: false });
    const line = `grpc-service: ${address} has no server reflection: give the protos with --proto\n`;
    for (const args of [
      ["list", address],
      ["describe", address],
      ["call", address, "Echo", "{}"],
    ]) {
      expect(await run(...args)).toEqual({ code: 64, output: "", notes: line });
    }
  });
});

test("a server that has only reflection v1alpha", async () => {
  const answers = reflected({ "call.test.Things": [bytesOf(file_things.proto)] });
  const server = await startTestServer([implement(v1alpha, { serverReflectionInfo: answers })]);
  onTestFinished(() => server.close());
  expect((await run("list", server.address, "call.test.Things")).output).toContain("Things/Echo\n");
});

describe("descriptors of a hostile server end in one line", () => {
  const bomb = create(FileDescriptorProtoSchema, {
    name: "a.proto",
    package: "a",
    messageType: [
      { name: "M", field: [{ name: "f", number: 1, typeName: ".a.Gone", type: 11, label: 1 }] },
    ],
    service: [{ name: "S", method: [{ name: "R", inputType: ".a.M", outputType: ".a.M" }] }],
  });
  const deep = create(FileDescriptorProtoSchema, { name: "a.proto", package: "a" });
  let nested = deep.messageType;
  for (let depth = 0; depth < 2_000; depth++) {
    const inner = create(FileDescriptorProtoSchema, { messageType: [{ name: "M" }] }).messageType;
    nested.push(...inner);
    nested = inner[0]?.nestedType ?? [];
  }

  test.each<
    [name: string, files: Readonly<Record<string, readonly Uint8Array[]>>, message: RegExp]
  >([
    ["bytes that are none", { "a.S": [Buffer.from("hello")] }, /invalid descriptors/],
    ["a type that is missing", { "a.S": [bytesOf(bomb)] }, /invalid descriptors/],
    [
      "a name that is none",
      {
        "a.S": [
          bytesOf(
            create(FileDescriptorProtoSchema, {
              name: "a.proto",
              service: [{ name: "x\u001b[31m" }],
            }),
          ),
        ],
      },
      /invalid descriptors/,
    ],
    [
      "an import of itself",
      { "a.S": [bytesOf(file("a.proto", "a.proto"))] },
      /a\.proto imports itself/,
    ],
    [
      "a circle",
      {
        "a.S": [bytesOf(file("a.proto", "b.proto"))],
        "b.proto": [bytesOf(file("b.proto", "a.proto"))],
      },
      /imports itself/,
    ],
    [
      "an import that is missing",
      { "a.S": [bytesOf(file("a.proto", "b.proto"))] },
      /b\.proto, which a\.proto imports, is missing/,
    ],
    [
      "messages that are nested too deep",
      { "a.S": [bytesOf(deep)] },
      /invalid descriptors|does not describe/,
    ],
    [
      "a file without the service",
      { "a.S": [bytesOf(file("a.proto"))] },
      /lists the service a\.S, but does not describe it/,
    ],
  ])("%s", async (_name, files, message) => {
    const server = await startTestServer([
      implement(v1, { serverReflectionInfo: reflected(files) }),
    ]);
    onTestFinished(() => server.close());
    const { code, output, notes } = await run("call", server.address, "a.S/R", "{}");
    expect({ code, output }).toEqual({ code: 64, output: "" });
    expect(notes).toMatch(/^grpc-service: [ -~]*\n$/);
    expect(notes).toMatch(message);
  });

  test("files without end", async () => {
    const server = await startTestServer([
      implement(v1, {
        async *serverReflectionInfo(requests) {
          let count = 0;
          for await (const { messageRequest } of requests) {
            count += 1;
            const next = file(`${messageRequest.value}`, `${count}.proto`);
            const fileDescriptorProto = Array.from({ length: 5_000 }, (_, index) =>
              bytesOf(index === 0 ? next : file(`${count}-${index}.proto`)),
            );
            yield {
              messageResponse: { case: "fileDescriptorResponse", value: { fileDescriptorProto } },
            };
          }
        },
      }),
    ]);
    onTestFinished(() => server.close());
    const { code, notes } = await run("call", server.address, "a.S/R", "{}");
    expect(code).toBe(64);
    expect(notes).toMatch(/^grpc-service: .*more than 20000 files or 128 MiB of descriptors\n$/);
  });

  test("an answer that never comes, or is too large, ends at the limits of the call", async () => {
    const server = await startTestServer([
      implement(v1, {
        async *serverReflectionInfo(requests, { signal }) {
          for await (const { messageRequest } of requests) {
            if (messageRequest.case === "fileContainingSymbol") {
              const value = { fileDescriptorProto: [Buffer.alloc(100_000)] };
              yield { messageResponse: { case: "fileDescriptorResponse", value } };
            } else {
              await new Promise((resolve) => signal.addEventListener("abort", resolve));
            }
          }
        },
      }),
    ]);
    onTestFinished(() => server.close());
    const late = `server reflection of ${server.address} took longer than 0.3 s; --timeout sets the limit\n`;
    const slow = { code: 4, output: "", notes: `DEADLINE_EXCEEDED (4): ${late}` };
    expect(await run("list", server.address, "--timeout", "300ms")).toEqual(slow);
    expect(await run("call", server.address, "Name", "{}", "--timeout", "300ms")).toEqual(slow);
    const large = await run("call", server.address, "a.S/R", "{}", "--max-message-size", "64KiB");
    expect(large).toMatchObject({ code: 8, output: "" });
    expect(large.notes).toMatch(
      /^RESOURCE_EXHAUSTED \(8\): server reflection of \S+: .*; --max-message-size sets the limit\n$/,
    );
  });

  test("an import for each import, without end", async () => {
    const server = await startTestServer([
      implement(v1, {
        async *serverReflectionInfo(requests) {
          let count = 0;
          for await (const { messageRequest } of requests) {
            count += 1;
            const fileDescriptorProto = [
              bytesOf(file(`${messageRequest.value}`, `${count}.proto`)),
            ];
            yield {
              messageResponse: { case: "fileDescriptorResponse", value: { fileDescriptorProto } },
            };
          }
        },
      }),
    ]);
    onTestFinished(() => server.close());
    const { code, notes } = await run("call", server.address, "a.S/R", "{}", "--timeout", "500ms");
    expect({ code, notes }).toEqual({
      code: 4,
      notes: expect.stringMatching(/^DEADLINE_EXCEEDED \(4\): server reflection of .*\n$/),
    });
  });

  test("a stream that ends at once, and answers to other questions", async () => {
    const answers = [
      [],
      [{ messageResponse: { case: "allExtensionNumbersResponse" as const, value: {} } }],
      [{}],
    ];
    for (const answer of answers) {
      const server = await startTestServer([
        implement(v1, {
          async *serverReflectionInfo() {
            yield* answer;
          },
        }),
      ]);
      onTestFinished(() => server.close());
      for (const args of [["list"], ["call", "a.S/R", "{}"], ["describe", "a.S"]]) {
        const [command = "", ...rest] = args;
        const { code, notes } = await run(command, server.address, ...rest);
        expect({ code, notes }).toEqual({
          code: 13,
          notes: expect.stringMatching(/^INTERNAL \(13\): server reflection .*\n$/),
        });
      }
    }
  });

  test("a status is the exit code", async () => {
    const server = await startTestServer([
      implement(v1, {
        // biome-ignore lint/correctness/useYield: it fails at once
        async *serverReflectionInfo() {
          throw new GrpcError("PERMISSION_DENIED", "not for you");
        },
      }),
    ]);
    onTestFinished(() => server.close());
    const expected = { code: 7, output: "", notes: "PERMISSION_DENIED (7): not for you\n" };
    expect(await run("list", server.address)).toEqual(expected);
    expect(await run("call", server.address, "a.S/R", "{}")).toEqual(expected);
  });
});

function setOf(...files: FileDescriptorProto[]): Uint8Array {
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: files }));
}

function file(name: string, ...dependency: string[]): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, { name, dependency });
}

function bytesOf(proto: FileDescriptorProto): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, proto);
}

/** A reflection service with these answers, by symbol or file name. */
function reflected(files: Readonly<Record<string, readonly Uint8Array[]>>) {
  type Requests = AsyncIterable<{
    readonly messageRequest: { readonly case?: string | undefined; readonly value?: unknown };
  }>;
  return async function* (requests: Requests) {
    for await (const { messageRequest } of requests) {
      const known = files[String(messageRequest.value)];
      if (messageRequest.case === "listServices") {
        const service = Object.keys(files).map((name) => ({ name }));
        yield { messageResponse: { case: "listServicesResponse" as const, value: { service } } };
      } else if (known === undefined) {
        const value = { errorCode: 5, errorMessage: "unknown" };
        yield { messageResponse: { case: "errorResponse" as const, value } };
      } else {
        const value = { fileDescriptorProto: [...known] };
        yield { messageResponse: { case: "fileDescriptorResponse" as const, value } };
      }
    }
  };
}
