import { rm, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { proto, writeFiles } from "../support.ts";
import {
  besideProject,
  copyBeforeEach,
  edit,
  grow,
  inProject,
  one,
  setRpcs,
  two,
} from "./growing-project.ts";

copyBeforeEach();

test("--proto brings new files; one that differs is a conflict", async () => {
  await writeFile(besideProject("order.proto"), proto("order", one).replace("User", "Order"));
  const added = await grow("--proto", "order.proto", "--proto", inProject("proto/user.proto"));
  expect(added.code).toBe(0);
  expect(added.changed).toContain("proto/order.proto");
  expect(added.changed).toContain("src/services/order/get.ts");

  await writeFile(besideProject("user.proto"), proto("user", two));
  const refused = await grow("--proto", "user.proto");
  expect(refused).toMatchObject({ code: 2, changed: [] });
  expect(refused.notes).toContain(
    "proto/user.proto already exists and differs; --force replaces it, and changes made to it are lost",
  );

  const forced = await grow("--proto", "user.proto", "--force");
  expect(forced.code).toBe(0);
  expect(forced.changed).toContain("proto/user.proto");
  expect(forced.changed).toContain("src/services/user/list.ts");
});

test("a removed RPC and a removed service are reported, not changed", async () => {
  await writeFiles(inProject(), {
    "proto/order.proto": proto("order", one).replace("User", "Order"),
  });
  await grow();
  await rm(inProject("proto/order.proto"));
  await setRpcs("rpc Other(M) returns (stream M);");
  const { code, output, changed } = await grow();
  expect(code).toBe(0);
  expect(changed.filter((path) => /^(?:src\/services|test)\//.test(path))).toEqual([
    "src/services/user/index.ts",
    "src/services/user/other.ts",
    "test/services/user/other.test.ts",
  ]);
  expect(changed).toEqual(
    expect.arrayContaining(["src/gen/order_client.ts", "src/gen/order_grpc.ts"]),
  );
  const [, list = ""] = /which you can remove:\n((?: {2}.*\n)+)/.exec(output) ?? [];
  expect(list.replaceAll(/:\d+:/g, ":")).toBe(`  src/services/user/get.ts
  test/services/user/get.test.ts
  src/services/order/get.ts
  test/services/order/get.test.ts
  src/services/order/index.ts
  test/services/order/index.test.ts
  src/services/user/index.ts: the line of user.UserService/Get
  src/services/index.ts: the registration of order.OrderService
  src/services/index.ts: the import of orderServiceDefinition
  src/services/index.ts: the import of orderServiceHandlers
  src/services/user/index.ts: the import of get
`);
  expect(output).not.toContain("code of yours");
});

test("code of a removed RPC is never on the list of what can be removed", async () => {
  await rm(inProject("test/services/user/get.test.ts"));
  await edit("src/services/user/get.ts", (text) =>
    text.replace("return async", "// mine\n  return async"),
  );
  await setRpcs("rpc Other(M) returns (stream M);");
  const { output } = await runCommand(["sync", "--rename", "none"], { cwd: inProject() });
  expect(output).not.toContain("which you can remove");
  expect(output).toMatch(
    /but with code of yours\. Keep what you still need:\n {2}src\/services\/user\/get\.ts:\d+: the handler of user\.UserService\/Get\n {2}src\/services\/user\/index\.ts:\d+: the line of user\.UserService\/Get\n/,
  );
});

describe("refuses", () => {
  test("a broken proto, at its place in the project", async () => {
    await writeFile(inProject("proto/user.proto"), 'syntax = "proto3";\nmessage {}\n');
    const { code, notes, changed } = await grow();
    expect({ code, changed }).toEqual({ code: 2, changed: [] });
    expect(notes).toMatch(/^create-grpc-service: demo\/proto\/user\.proto:2:1: /);
  });

  test("flags for new projects", async () => {
    expect((await grow("--starter", "user")).notes).toContain("--starter is only for new projects");
    expect((await grow("--name", "other")).notes).toContain("--name is only for new projects");
    for (const flags of [
      ["--package-manager", "yarn"],
      ["--self", "^9.9.9"],
      ["--runtime", "^9.9.9"],
      ["--kubernetes"],
      ["--postgres"],
    ]) {
      const { code, notes } = await grow(...flags);
      expect(notes).toContain(`${flags[0]} is only for new projects`);
      expect(code).toBe(2);
    }
  });

  test("a buf.gen.yaml that it cannot follow", async () => {
    await edit("buf.gen.yaml", (text) => text.replaceAll("out: src/gen", "out: lib"));
    expect(await grow()).toMatchObject({ code: 2, changed: [] });
  });
});
