// @module-tag python3-grpcio

import { describe, expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { reflectionRegistrations } from "../../../runtime/src/reflection/index.ts";
import { file_grpc_reflection_v1_reflection } from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_pb.ts";
import { file_grpc_reflection_v1alpha_reflection } from "../../../runtime/src/rpc/grpc/reflection/v1alpha/reflection_pb.ts";
import { echoDefinition } from "../../runtime/gen/echo_grpc.ts";
import { cleanUp } from "../../runtime/support/echo.ts";
import { echoHandlers } from "../support/echo-server.ts";
import { PythonProgram } from "../support/python.ts";
import { serverKinds } from "../support/servers.ts";

const versions = [
  ["v1", file_grpc_reflection_v1_reflection],
  ["v1alpha", file_grpc_reflection_v1alpha_reflection],
] as const;

describe.each(serverKinds)("a Python client of $name", (kind) => {
  test.each(versions)("learns by reflection %s what it calls", async (version, file) => {
    const echo = implement(echoDefinition, echoHandlers);
    const server = await kind.start([echo, ...reflectionRegistrations([echo])]);
    cleanUp(() => server.stop());
    const address = `127.0.0.1:${server.port}`;
    const program = new PythonProgram("reflection", [file], version, address);
    cleanUp(() => program.stop());
    const { services, reply } = await program.next<{ services: string[]; reply: unknown }>();
    expect(services.sort()).toEqual([
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
      "runtime.test.Echo",
    ]);
    expect(reply).toEqual({ text: "hello" });
  });
});
