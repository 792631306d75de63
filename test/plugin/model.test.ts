import { join } from "node:path";
import { expect, test } from "vitest";
import { casesDirectory, compile, modelsOf } from "./support.ts";

test("the model of the user service", () => {
  const [service, ...others] = modelsOf(compile(join(casesDirectory, "user")));
  expect(others).toEqual([]);
  expect(service).toMatchObject({
    typeName: "user.UserService",
    name: "UserService",
    localName: "userService",
    package: "user",
    sourceFile: "user.proto",
    importPath: "./user_grpc.js",
    docs: "Creates and finds users.",
    deprecated: false,
    descriptorName: "UserService",
    descriptorPath: "./user_pb.js",
    definitionName: "userServiceDefinition",
    handlersType: "UserServiceHandlers",
    clientClass: "UserServiceClient",
    clientPath: "./user_client.js",
    directory: "user",
  });
  expect(service?.methods.map(({ fileName, kind }) => [fileName, kind])).toEqual([
    ["create-user", "unary"],
    ["get-user", "unary"],
    ["list-users", "unary"],
    ["stream-users", "server_streaming"],
    ["create-batch-users", "client_streaming"],
    ["chat-with-users", "bidi_streaming"],
  ]);
  expect(service?.methods[1]).toEqual({
    name: "GetUser",
    localName: "getUser",
    identifier: "getUser",
    descriptorKey: "getUser",
    kind: "unary",
    path: "/user.UserService/GetUser",
    docs: "Finds one user by its id.",
    deprecated: false,
    fileName: "get-user",
    input: {
      typeName: "user.GetUserRequest",
      name: "GetUserRequest",
      schemaName: "GetUserRequestSchema",
      importPath: "./user_pb.js",
    },
    output: {
      typeName: "user.User",
      name: "User",
      schemaName: "UserSchema",
      importPath: "./user_pb.js",
    },
  });
});

test("names are unique where they must be", () => {
  const services = modelsOf(compile(join(casesDirectory, "names-of-services")));
  for (const key of ["directory", "definitionName", "handlersType", "clientClass"] as const) {
    expect(new Set(services.map((service) => service[key])).size).toBe(services.length);
  }
});

test("methods and services say that they are deprecated", () => {
  const services = modelsOf(compile(join(casesDirectory, "comments")));
  expect(services.map(({ deprecated }) => deprecated)).toEqual([false, true]);
  const deprecated = services[0]?.methods.filter((method) => method.deprecated);
  expect(deprecated?.map(({ name }) => name)).toEqual(["Old", "OldAndSilent"]);
});
