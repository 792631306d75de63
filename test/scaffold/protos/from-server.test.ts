import { join } from "node:path";
import { toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { serverReflectionDefinition as v1alpha } from "../../../runtime/src/rpc/grpc/reflection/v1alpha/reflection_grpc.ts";
import { startTestServer } from "../../../runtime/src/testing/index.ts";
import { file_things } from "../../commands/call/gen/things_pb.ts";
import { startThings, type ThingsOptions } from "../../commands/call/support/start-things.ts";
import { quick, readFiles, run, temporaryFolder } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

async function serveThings(options?: ThingsOptions): Promise<string> {
  const server = await startThings(options);
  onTestFinished(() => server.stop());
  return server.address;
}

async function refusal(address: string): Promise<string> {
  const { code, notes, output } = await run(["demo", "--from-server", address, ...quick], { cwd });
  expect({ code, output }).toEqual({ code: 2, output: "" });
  return notes;
}

test("a project for the services of a running server", async () => {
  const address = await serveThings();
  const { code, notes } = await run(["demo", "--from-server", address, ...quick], { cwd });
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  const files = await readFiles(join(cwd, "demo"));
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(["proto/descriptors.binpb", "src/services/things/echo.ts"]),
  );
  expect([...files.keys()].filter((path) => /reflection|health/.test(path))).toEqual([]);
  expect(files.get("buf.gen.yaml")).toContain("binary_image: proto/descriptors.binpb");
  // Nobody can add an RPC to a descriptor set.
  expect(files.get("README.md")).toContain("Run `npx grpc-service sync --source`");
  expect(files.get("README.md")).not.toContain("Add it to the service in `proto/`");
  expect(files.get("AGENTS.md")).toContain("`npx grpc-service sync --source` brings what changed");
  expect(await run(["demo"], { cwd })).toMatchObject({ code: 0 });
});

test("a server that has only reflection v1alpha", async () => {
  const proto = toBinary(FileDescriptorProtoSchema, file_things.proto);
  const server = await startTestServer([
    implement(v1alpha, {
      async *serverReflectionInfo(requests) {
        for await (const { messageRequest } of requests) {
          if (messageRequest.case === "listServices") {
            const service = [{ name: "call.test.Things" }];
            yield { messageResponse: { case: "listServicesResponse", value: { service } } };
          } else if (messageRequest.case === "fileContainingSymbol") {
            const value = { fileDescriptorProto: [proto] };
            yield { messageResponse: { case: "fileDescriptorResponse", value } };
          } else {
            const value = { errorCode: 5, errorMessage: "unknown" };
            yield { messageResponse: { case: "errorResponse", value } };
          }
        }
      },
    }),
  ]);
  onTestFinished(() => server.close());
  const args = ["demo", "--from-server", server.address, "--dry-run", ...quick];
  const { code, output, notes } = await run(args, { cwd });
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toContain("create src/services/things/echo.ts\n");
});

test("refuses a server without reflection, and what is no server", async () => {
  const address = await serveThings({ reflection: false });
  expect(await refusal(address)).toBe(
    `create-grpc-service: ${address} has no server reflection: give the protos with --proto\n`,
  );
  expect(await refusal("127.0.0.1:1")).toMatch(
    /^create-grpc-service: --from-server 127\.0\.0\.1:1: UNAVAILABLE: .+\n$/,
  );
  expect(await refusal("a b")).toBe(
    "create-grpc-service: --from-server a b is not an address: give host:port\n",
  );
  const both = await run(["demo", "--from-server", address, "--proto", "a.proto"], { cwd });
  expect(both.notes).toContain("give --from-server or --proto\n");
});
