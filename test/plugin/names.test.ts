import { expect, test } from "vitest";
import {
  kebabCase,
  lowerCamelCase,
  memberName,
  methodFileName,
  outputPath,
  serviceDirectories,
} from "../../src/plugin/names.ts";

test.each([
  ["GetUser", "get-user"],
  ["getUser", "get-user"],
  ["get_user", "get-user"],
  ["GetHTTPUrl", "get-http-url"],
  ["GetUserV2", "get-user-v2"],
  ["LLM", "llm"],
  ["_Get_", "get"],
  ["__", ""],
])("kebabCase(%j) is %j", (name, expected) => {
  expect(kebabCase(name)).toBe(expected);
});

test.each([
  ["UserService", "userService"],
  ["LLMService", "llmService"],
  ["API", "api"],
  ["user", "user"],
  ["_User", "_User"],
])("lowerCamelCase(%j) is %j", (name, expected) => {
  expect(lowerCamelCase(name)).toBe(expected);
});

test("reserved members get a dollar sign", () => {
  const names = ["then", "new", "__proto__", "close", "waitForReady", "get", "delete"];
  const expected = ["then$", "new$", "__proto__$", "close$", "waitForReady$", "get", "delete"];
  expect(names.map(memberName)).toEqual(expected);
});

test("file names avoid index.ts, devices of Windows and nothing at all", () => {
  const names = ["Index", "Con", "COM1", "__", "GetUser"];
  const expected = ["index-rpc", "con-rpc", "com1-rpc", "rpc", "get-user"];
  expect(names.map(methodFileName)).toEqual(expected);
});

test("long file names are cut where a file system would, and stay distinct", () => {
  const [a, b] = [`${"Long".repeat(250)}A`, `${"Long".repeat(250)}B`].map(methodFileName);
  expect(a).toHaveLength(89);
  expect(a).not.toBe(b);
});

test("output paths are normalised", () => {
  expect(outputPath("./a//b/./c", "grpc")).toBe("a/b/c_grpc");
  expect(outputPath("./a//b/./c", "client")).toBe("a/b/c_client");
});

function directories(...typeNames: string[]): Record<string, string> {
  const services = typeNames.map((typeName) => {
    const dot = typeName.lastIndexOf(".");
    return {
      typeName,
      package: typeName.slice(0, Math.max(dot, 0)),
      name: typeName.slice(dot + 1),
    };
  });
  const found = serviceDirectories(services);
  // Order must not matter.
  expect(serviceDirectories(services.toReversed())).toEqual(found);
  return Object.fromEntries(found);
}

test("a service's directory leaves Service out", () => {
  expect(directories("user.UserService", "Greeter", "x.Service", "y.Index")).toEqual({
    "user.UserService": "user",
    Greeter: "greeter",
    "x.Service": "service",
    "y.Index": "index-service",
  });
});

test("services of the same package keep Service where it tells them apart", () => {
  expect(directories("a.User", "a.UserService", "a.Other")).toEqual({
    "a.User": "user",
    "a.UserService": "user-service",
    "a.Other": "other",
  });
});

test("all services of the same name get their package", () => {
  expect(directories("bank.v1.UserService", "shop.UserService", "UserService")).toEqual({
    "bank.v1.UserService": "bank-v1-user",
    "shop.UserService": "shop-user",
    UserService: "user",
  });
  expect(directories("a.User", "a.UserService", "b.UserService")).toEqual({
    "a.User": "a-user",
    "a.UserService": "a-user-service",
    "b.UserService": "b-user-service",
  });
});

test("services with the same names get a hash", () => {
  const found = Object.values(directories("a.b.C", "a_b.C", "a.B.C"));
  expect(new Set(found).size).toBe(3);
  expect(found.every((name) => /^a-b-c-[0-9a-f]{8}$/.test(name))).toBe(true);
});

test("a longer name may clash with another service's directory", () => {
  const found = Object.values(directories("a.User", "b.User", "AUser"));
  expect(new Set(found).size).toBe(3);
});
