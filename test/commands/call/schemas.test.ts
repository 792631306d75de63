import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { serverReflectionDefinition as v1alpha } from "../../../runtime/src/rpc/grpc/reflection/v1alpha/reflection_grpc.ts";
import { startTestServer } from "../../../runtime/src/testing/index.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { file_things } from "./gen/things_pb.ts";
import { bytesOf, file, reflected } from "./support/reflected.ts";
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

  test("with --reflect, the server is asked for what they lack, also by list and describe", async () => {
    const { address } = await serveThings();
    await writeFiles(cwd, {
      "other.proto": `syntax = "proto3"; package other; message M {}
        service Others { rpc Do(M) returns (M); }`,
    });
    const given = [address, "--proto", "other.proto"];
    const unknown = { code: 64, output: "" };
    for (const command of ["list", "describe"]) {
      const ask = (name: string, ...flags: string[]) => run(command, ...given, name, ...flags);
      expect(await ask("call.test.Things")).toMatchObject(unknown);
      const { code, output } = await ask("call.test.Things", "--reflect");
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Echo") });
      expect((await ask("other.Others", "--reflect")).output).toContain("Do");
    }
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

function setOf(...files: FileDescriptorProto[]): Uint8Array {
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: files }));
}
