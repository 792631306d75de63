import { create } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { GrpcError, implement } from "../../../runtime/src/index.ts";
import {
  type ServerReflectionHandlers,
  serverReflectionDefinition,
} from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_grpc.ts";
import { startTestServer } from "../../../runtime/src/testing/index.ts";
import { temporaryFolder } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { bytesOf, file, reflected } from "./support/reflected.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await temporaryFolder();
});
const run = (...args: string[]) => runCommand(args, { cwd });

/** A server whose reflection service does this, until the test ends. */
async function serving(serverReflectionInfo: ServerReflectionHandlers["serverReflectionInfo"]) {
  const server = await startTestServer([
    implement(serverReflectionDefinition, { serverReflectionInfo }),
  ]);
  onTestFinished(() => server.close());
  return server;
}

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
    const server = await serving(reflected(files));
    const { code, output, notes } = await run("call", server.address, "a.S/R", "{}");
    expect({ code, output }).toEqual({ code: 64, output: "" });
    expect(notes).toMatch(/^grpc-service: [ -~]*\n$/);
    expect(notes).toMatch(message);
  });

  test("files without end", async () => {
    const server = await serving(async function* (requests) {
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
    });
    const { code, notes } = await run("call", server.address, "a.S/R", "{}");
    expect(code).toBe(64);
    expect(notes).toMatch(/^grpc-service: .*more than 20000 files or 128 MiB of descriptors\n$/);
  });

  test("an answer that never comes, or is too large, ends at the limits of the call", async () => {
    const server = await serving(async function* (requests, { signal }) {
      for await (const { messageRequest } of requests) {
        if (messageRequest.case === "fileContainingSymbol") {
          const value = { fileDescriptorProto: [Buffer.alloc(100_000)] };
          yield { messageResponse: { case: "fileDescriptorResponse", value } };
        } else {
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        }
      }
    });
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
    const server = await serving(async function* (requests) {
      let count = 0;
      for await (const { messageRequest } of requests) {
        count += 1;
        const fileDescriptorProto = [bytesOf(file(`${messageRequest.value}`, `${count}.proto`))];
        yield {
          messageResponse: { case: "fileDescriptorResponse", value: { fileDescriptorProto } },
        };
      }
    });
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
      const server = await serving(async function* () {
        yield* answer;
      });
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
    const server = await serving(
      // biome-ignore lint/correctness/useYield: it fails at once
      async function* () {
        throw new GrpcError("PERMISSION_DENIED", "not for you");
      },
    );
    const expected = { code: 7, output: "", notes: "PERMISSION_DENIED (7): not for you\n" };
    expect(await run("list", server.address)).toEqual(expected);
    expect(await run("call", server.address, "a.S/R", "{}")).toEqual(expected);
  });
});
