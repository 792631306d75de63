import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { proto, readFiles, writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject, setRpcs } from "./growing-project.ts";

copyBeforeEach();

const fetch = "rpc Fetch(M) returns (M);";
const rename = ["--rename", "user.UserService/Get=Fetch"];
const sync = (...flags: string[]) => runCommand(["sync", ...flags], { cwd: inProject() });

/** A handler and a test of the user. */
async function implement(): Promise<void> {
  await edit("src/services/user/get.ts", (text) =>
    text.replace(
      /return async[\s\S]*;\n/,
      "const get = 1; // mine\n  return async () => ({ get }.get ? {} : {});\n",
    ),
  );
  await edit("test/services/user/get.test.ts", (text) =>
    text.replace("is not implemented yet", "is mine"),
  );
}

test("a renamed RPC is offered, and nothing is written until that is decided", async () => {
  await setRpcs(fetch);
  const { code, output, changed } = await grow();
  expect({ code, changed }).toEqual({ code: 1, changed: [] });
  expect(output).toBe(`Nothing was written into demo: these look renamed.
  user.UserService/Get -> user.UserService/Fetch
If so, move their code, tests and mentions to the new names:
  cd demo && npx grpc-service sync --rename user.UserService/Get=user.UserService/Fetch
If not, add stubs for what is new:
  cd demo && npx grpc-service sync --rename none
`);
  const unrelated = await sync("--rename", "none");
  expect(unrelated.code).toBe(0);
  expect((await readFiles(inProject())).has("src/services/user/fetch.ts")).toBe(true);
});

test("--rename moves handler, test, registration, calls and documents of an RPC", async () => {
  await implement();
  await setRpcs(fetch);
  expect((await sync(...rename)).code).toBe(0);
  const files = await readFiles(inProject());
  expect(files.has("src/services/user/get.ts")).toBe(false);
  expect(files.has("test/services/user/get.test.ts")).toBe(false);
  const handler = files.get("src/services/user/fetch.ts") ?? "";
  expect(handler).toContain(
    'function fetch(_dependencies: Dependencies): UserServiceHandlers["fetch"]',
  );
  expect(handler).toContain(
    "const fetch = 1; // mine\n  return async () => ({ get: fetch }.get ? {} : {});",
  );
  expect(files.get("test/services/user/fetch.test.ts")).toContain("client.fetch({})");
  expect(files.get("test/services/user/fetch.test.ts")).toContain("user.UserService/Fetch is mine");
  expect(files.get("src/services/user/index.ts")).toContain('from "./fetch.ts";');
  expect(files.get("src/services/user/index.ts")).toContain("    fetch: ");
  expect(files.get("src/client/index.ts")).toContain(
    'show("user.UserService/Fetch", userClient.fetch({}))',
  );
  expect(files.get("docs/services.md")).toContain("[fetch.ts](../src/services/user/fetch.ts)");
  expect(files.get("docs/services.md")).not.toContain("Get");
  expect(await grow()).toMatchObject({ code: 0, changed: [] });
});

test("properties of the name of a renamed RPC stay", async () => {
  await edit(
    "src/services/user/get.ts",
    (text) => `${text}export const other = { get: 1 }.get; // mine\n`,
  );
  await setRpcs(fetch);
  await sync(...rename);
  const handler = (await readFiles(inProject())).get("src/services/user/fetch.ts") ?? "";
  expect(handler).toContain("export function fetch(");
  expect(handler).toContain("{ get: 1 }.get; // mine");
});

test("a renamed service moves with its folders, names and imports", async () => {
  await implement();
  await writeFile(
    inProject("proto/user.proto"),
    proto("user").replace("UserService", "PeopleService"),
  );
  const offer = await grow();
  expect(offer.output).toContain("--rename user.UserService=user.PeopleService\n");
  expect((await sync("--rename", "user.UserService=user.PeopleService")).code).toBe(0);
  const files = await readFiles(inProject());
  const own = [...files.keys()].filter((path) => /^(?:src|test)\/services\//.test(path));
  expect(own).toEqual([
    "src/services/index.ts",
    "src/services/people/get.ts",
    "src/services/people/index.ts",
    "test/services/people/get.test.ts",
    "test/services/people/index.test.ts",
  ]);
  expect(files.get("src/services/people/get.ts")).toContain("// mine");
  for (const path of [
    ...own,
    "src/client/index.ts",
    "docs/services.md",
    "docs/cookbook.md",
    "README.md",
  ]) {
    expect(files.get(path), path).not.toMatch(/user\.UserService|userService|UserServ/);
  }
  expect(await grow()).toMatchObject({ code: 0, changed: [] });
});

test("another version of a service: stubs, and an offer to start with copies instead", async () => {
  await implement();
  await writeFiles(inProject(), { "proto/v2/user.proto": proto("user.v2") });
  const { code, output } = await grow();
  expect(code).toBe(0);
  expect(output).toContain(
    "  cd demo && npx grpc-service sync --copy user.UserService=user.v2.UserService\n",
  );
  await sync("--copy", "user.UserService=user.v2.UserService");
  const files = await readFiles(inProject());
  const copy = [...files.keys()].find((path) => /src\/services\/(?!user\/).+\/get\.ts$/.test(path));
  const handler = files.get(copy ?? "") ?? "";
  expect(handler).toContain("// mine");
  expect(handler).toContain('from "../../gen/v2/user_grpc.ts"');
  expect(files.get("src/services/user/get.ts")).toContain("// mine");
});

test.each([
  [
    ["--rename", "user.UserService/Gett=Fetch"],
    'src/gen has no service, RPC, message or enum "user.UserService/Gett"; did you mean user.UserService/Get?',
  ],
  [["--rename", "Get"], '--rename "Get" is not of the form GetUser=FetchUser or user'],
  [["--copy", "user.UserServic=user.v2.UserService"], "did you mean user.UserService?"],
])("%j is refused in one line", async (flags, message) => {
  await setRpcs(fetch);
  const { code, notes } = await sync(...flags);
  expect(code).toBe(2);
  expect(notes).toContain(message);
});

test.each([
  ["a swap", ["Get=List", "List=Get"], "user.UserService/Get is still in the protos"],
  ["an RPC that is still there", ["Get=Add"], "user.UserService/Get is still in the protos"],
  ["two for one", ["Get=Add", "List=Add"], "--rename names user.UserService/Add twice"],
  ["one for two", ["Get=Add", "Get=List"], "--rename names user.UserService/Get twice"],
])("%s is refused, and nothing is written", async (_, renames, line) => {
  await setRpcs("rpc Get(M) returns (M); rpc List(M) returns (M);");
  await grow();
  await setRpcs("rpc Get(M) returns (M); rpc List(M) returns (M); rpc Add(M) returns (M);");
  const before = await readFiles(inProject());
  const flags = renames.flatMap((value) => ["--rename", `user.UserService/${value}`]);
  const { code, notes } = await sync(...flags);
  expect(code).toBe(2);
  expect(notes).toContain(line);
  expect(await readFiles(inProject())).toEqual(before);
});

test("a new name that another RPC had is refused", async () => {
  await setRpcs("rpc Get(M) returns (M); rpc List(M) returns (M);");
  await grow();
  await setRpcs("rpc List(M) returns (M);");
  expect((await sync("--rename", "user.UserService/Get=List")).notes).toContain(
    "user.UserService/List is not new, it was in src/gen before",
  );
});
