import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { createProject, environment } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";
import { serveThings } from "./support/serve-things.ts";

const protos = join(import.meta.dirname, "proto");
const key = "k".repeat(32);

/** A project with the service of things.proto, as far as `call` looks at it. */
let project: string;
beforeAll(async () => {
  project = await temporaryFolder();
  await writeFiles(project, {
    "package.json": JSON.stringify({
      name: "things",
      version: "1.0.0",
      devDependencies: { "create-grpc-service": "^0.1.0" },
    }),
    "buf.yaml": "version: v2\nmodules:\n  - path: proto\n",
    "proto/things.proto": await readFile(join(protos, "things.proto"), "utf8"),
    ".env": `AUTH_JWT_SECRET=${key}\nADDRESS=127.0.0.1:1\n`,
    "src/empty.ts": "",
  });
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCommand(args, { cwd: join(project, "src"), env: { ...environment, ...env } });

test("its protos are the descriptors, and its server the default", async () => {
  const { address } = await serveThings({ reflection: false });
  const env = { SERVER_ADDRESS: address };
  const called = { code: 0, output: '{"id":"1"}\n', notes: "" };
  expect(await run(["call", "Things/Echo", '{"id":1}'], env)).toEqual(called);
  expect(await run(["call", address, "Things/Echo", '{"id":1}'])).toEqual(called);
  expect((await run(["call", "Things/Echo", "{}"], { SERVER_ADDRESS: "127.0.0.1:1" })).code).toBe(
    14,
  );
});

test("a method that neither its protos nor the server have is looked for at the server", async () => {
  const { address } = await serveThings();
  expect((await run(["call", address, "Ecoh"])).notes).toBe(
    `grpc-service: unknown method Ecoh in server reflection of ${address}; did you mean Echo?\n`,
  );
  const { address: silent } = await serveThings({ reflection: false });
  expect((await run(["call", silent, "Ecoh"])).notes).toBe(
    "grpc-service: unknown method Ecoh in proto/; did you mean Echo?\n",
  );
});

test("compiled protos are kept beside the caches of others", async () => {
  const own = await temporaryFolder();
  const cache = "node_modules/.cache/grpc-service";
  await writeFiles(own, {
    "package.json": '{"name":"x","devDependencies":{"create-grpc-service":"1"}}',
    "buf.yaml": "version: v2\nmodules:\n  - path: proto\n",
    "proto/things.proto": await readFile(join(protos, "things.proto"), "utf8"),
    [`${cache}/code/kept`]: "",
    [`${cache}/before.binpb`]: "",
  });
  expect(await runCommand(["list"], { cwd: own })).toMatchObject({ code: 0 });
  const names = await readdir(join(own, cache));
  expect(names.sort()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.binpb$/), "code"]);
});

test("a changed proto is compiled again", async () => {
  const changing = await temporaryFolder();
  const proto = (name: string) =>
    `syntax = "proto3";\npackage a;\nmessage M {}\nservice ${name} { rpc B(M) returns (M); }\n`;
  await writeFiles(changing, {
    "package.json": '{"name":"x","devDependencies":{"create-grpc-service":"1"}}',
    "buf.yaml": "version: v2\nmodules:\n  - path: proto\n",
    "proto/a.proto": proto("One"),
  });
  const list = () => runCommand(["list"], { cwd: changing });
  expect((await list()).output).toBe("a.One\n");
  expect((await list()).output).toBe("a.One\n");
  await writeFiles(changing, { "proto/a.proto": proto("Two") });
  expect((await list()).output).toBe("a.Two\n");
  // Imports from elsewhere are not watched, so nothing is kept.
  await writeFiles(changing, {
    "buf.yaml": "version: v2\nmodules:\n  - path: proto\n  - path: other\n",
    "other/b.proto": 'syntax = "proto3";\npackage b;\n',
  });
  expect((await list()).output).toBe("a.Two\n");
});

test("list and describe need no server", async () => {
  expect((await run(["list"])).output).toBe("call.test.Other\ncall.test.Things\n");
  expect((await run(["list", "--methods"])).output).toContain("call.test.Things/Repeat\n");
  const { output } = await run(["describe", "Things/Upload"]);
  expect(output).toMatch(
    /^\/\/ Adds up the sizes\.\nrpc Upload\(stream call\.test\.Chunk\) returns/,
  );
  expect(output).toContain("message call.test.Summary {\n  bool success = 1;\n");
  expect(output).toMatch(
    /\nExample\n {2}echo '\{.*\}' \| grpc-service call call\.test\.Things\/Upload\n$/,
  );
  expect((await run(["describe", "Color"])).output).toBe(
    "enum call.test.Color {\n  COLOR_UNSPECIFIED = 0;\n  COLOR_RED = 1;\n}\n",
  );
  expect((await run(["describe"])).output).toMatch(
    /^\/\/ Another one.*\nservice call\.test\.Other \{/,
  );
  expect(await run(["describe", "Colour"])).toEqual({
    code: 64,
    output: "",
    notes: "grpc-service: unknown symbol Colour in proto/\n",
  });
});

test("a proto that does not compile is named with its line", async () => {
  const broken = await temporaryFolder();
  await writeFiles(broken, {
    "package.json": '{"name":"x","devDependencies":{"create-grpc-service":"1"}}',
    "buf.yaml": "version: v2\nmodules:\n  - path: proto\n",
    "proto/a.proto": 'syntax = "proto3";\nservice A { rpc B(C) returns (C); }\n',
  });
  const { code, notes } = await runCommand(["list"], { cwd: broken });
  expect(code).toBe(64);
  expect(notes).toMatch(/^grpc-service: proto\/a\.proto:2:\d+: .*\n$/);
});

describe("in development, a token is signed", () => {
  async function sentToken(flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const things = await serveThings();
    await run(["call", "Things/Echo", "{}", ...flags], { SERVER_ADDRESS: things.address, ...env });
    return things.calls.at(-1)?.get("authorization");
  }

  test("for the project's server, with its settings", async () => {
    const sent = (await sentToken(["--subject", "ada", "--scope", "a", "--scope=b"])) ?? "";
    expect(decodeJwt(sent.replace("Bearer ", ""))).toMatchObject({
      sub: "ada",
      scope: "a b",
      iss: "development",
      aud: "things",
    });
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ["with --anonymous", ["--anonymous"], {}],
    ["in production", [], { ENV: "production" }],
    ["without authentication", [], { AUTH: "off" }],
  ])("but not %s", async (_name, flags, env) => {
    expect(await sentToken(flags, env)).toBeUndefined();
  });

  test("unless one is given", async () => {
    expect(await sentToken(["--token", "mine"])).toBe("Bearer mine");
    expect(await sentToken(["-H", "authorization: Basic x"])).toBe("Basic x");
    expect(await sentToken([], { CLIENT_TOKEN: "theirs" })).toBe("Bearer theirs");
  });
});

test("lists the methods of a project as templates make it", async () => {
  const root = await createProject();
  const { output } = await runCommand(["list", "--methods"], { cwd: root });
  expect(output).toBe("greeter.v1.Greeter/Greet\n");
});

describe("complete", () => {
  const complete = async (...words: string[]) =>
    (await run(["complete", "--", ...words])).output.split("\n").slice(0, -1);

  test("commands, flags, services and methods", async () => {
    expect(await complete("ca")).toEqual(["call"]);
    expect(await complete("call", "--time")).toEqual(["--timeout"]);
    expect(await complete("call", "--error-format", "")).toEqual(["text", "json"]);
    expect(await complete("call", "--pretty", "call.test.Things/E")).toEqual([
      "call.test.Things/Echo",
    ]);
    expect(await complete("call", "Things/Re")).toEqual(["Things/Repeat"]);
    expect(await complete("call", "Up")).toEqual(["Upload"]);
    expect(await complete("list", "")).toEqual(["call.test.Other", "call.test.Things"]);
    expect(await complete("describe", "call.test.O")).toEqual([
      "call.test.Other",
      "call.test.Other/Echo",
    ]);
    expect(await complete("completion", "z")).toEqual(["zsh"]);
    expect(await complete("call", "Things/Echo", "")).toEqual([]);
    expect(await complete("call", "--proto", "")).toEqual([]);
    expect(await complete("nothing", "")).toEqual([]);
  });

  test("methods of a server that was named", async () => {
    const { address } = await serveThings();
    expect(await complete("call", address, "call.test.Things/Ha")).toEqual([
      "call.test.Things/Hang",
    ]);
    expect(await complete("call", "127.0.0.1:1", "call.test.Things/Ha")).toEqual([]);
  });
});
