import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

let project: string;

const rpcs = "rpc GetUser(GetUserRequest) returns (M); rpc Get(M) returns (M);";
const request = "message GetUserRequest { string id = 1; }\n";
const text = (body: string, more = request) => proto("user", body) + more;

beforeEach(async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "user.proto"), text(rpcs));
  expect((await run(["demo", ...quick, "--proto", "user.proto"], { cwd })).code).toBe(0);
  project = join(cwd, "demo");
});

const left = "These lines of your documents still have an old name; change those that mean it:\n";
const setProto = (body: string, more?: string) =>
  writeFiles(project, { "proto/user.proto": text(body, more) });
const sync = (...flags: string[]) => runCommand(["sync", ...flags], { cwd: project });
const read = async (path: string) => (await readFiles(project)).get(path) ?? "";

test("--rename of an RPC reaches all names that the project's documents were written with", async () => {
  const before = await readFiles(project);
  await setProto(rpcs.replace("rpc GetUser(", "rpc FetchUser("));
  const { code, output } = await sync("--rename", "GetUser=FetchUser");
  expect(code).toBe(0);
  expect(output).not.toContain(left);
  const files = await readFiles(project);
  const documents = [...files].filter(([path]) => path.endsWith(".md"));
  for (const [path, after] of documents) {
    const expected = (before.get(path) ?? "")
      .replace(/\bGetUser\b/g, "FetchUser")
      .replace(/\bgetUser\b/g, "fetchUser")
      .replace(/\bget-user\b/g, "fetch-user");
    expect(after, path).toBe(expected);
  }
  expect(files.get("docs/cookbook.md")).toContain("client.fetchUser(");
  expect(files.get("docs/cookbook.md")).toContain("`src/services/user/fetch-user.ts`");
});

const mine = `# Mine

GetUser in prose; \`GetUser\` and \`GetUserRequest\`; \`\`GetUser\`\`; get-user is a word.
See [get-user.ts](../src/services/user/get-user.ts), and other.v1.Users/GetUser or other.GetUser.

\`\`\`ts
const user = await client.getUser({}, getUser(db.getUser));
const service: typeof userServiceDefinition = GetUsers;
\`\`\`
`;

test("in the user's text, code of ours follows; the lines with the rest are listed", async () => {
  await writeFiles(project, { "docs/cookbook.md": mine });
  await setProto(
    rpcs.replace("rpc GetUser(GetUserRequest", "rpc FetchUser(FetchUserRequest"),
    request.replace("Get", "Fetch"),
  );
  const { output } = await sync("--rename", "GetUser=FetchUser");
  expect(output).toContain(`${left}  docs/cookbook.md:3: GetUser\n  docs/cookbook.md:7: getUser\n`);
  expect(await read("docs/cookbook.md")).toBe(
    mine
      .replace("`GetUser` and `GetUserRequest`", "`FetchUser` and `FetchUserRequest`")
      .replace(
        "[get-user.ts](../src/services/user/get",
        "[fetch-user.ts](../src/services/user/fetch",
      )
      .replace("client.getUser", "client.fetchUser"),
  );
});

test("a document of the user, which may use an old name on purpose, is only listed", async () => {
  const decision =
    "# Why `GetUser`\n\nAs `client.getUser(` says, in src/services/user/get-user.ts.\n";
  await writeFiles(project, { "docs/decision.md": decision });
  await setProto(rpcs.replace("rpc GetUser(", "rpc FetchUser("));
  const { output } = await sync("--rename", "GetUser=FetchUser");
  expect(output).toContain(`${left}  docs/decision.md:1: GetUser\n  docs/decision.md:3: getUser\n`);
  expect(await read("docs/decision.md")).toBe(decision.replace("get-user.ts", "fetch-user.ts"));
});

test("a name that something else has too is listed, not changed", async () => {
  const other = "service TeamService { rpc GetUser(M) returns (M); }\n";
  await setProto(rpcs, request + other);
  await sync();
  const note = "Call `GetUser`, as in `client.getUser({})`.\n";
  await writeFiles(project, { "docs/cookbook.md": note });
  await setProto(rpcs.replace("rpc GetUser(", "rpc FetchUser("), request + other);
  const { output } = await sync("--rename", "user.UserService/GetUser=FetchUser");
  expect(output).toContain("  docs/cookbook.md:1: GetUser, getUser\n");
  expect(await read("docs/cookbook.md")).toBe(note);
});

test("a name of one word is meant in backticks and as a call only", async () => {
  const note = (pascal: string, camel: string) =>
    `Get it: \`${pascal}\`, \`metadata.get("x")\`, \`client.${camel}({})\`, \`Get x\`.\n`;
  await writeFiles(project, { "docs/cookbook.md": note("Get", "get") });
  await setProto(rpcs.replace("rpc Get(", "rpc Fetch("));
  const { output } = await sync("--rename", "user.UserService/Get=Fetch");
  expect(output).not.toContain(left);
  expect(await read("docs/cookbook.md")).toBe(note("Fetch", "fetch"));
});

test("names of a renamed service and of a renamed message", async () => {
  const note = (service: string, camel: string, message: string) =>
    `\`${service}\`, \`${message}\`

\`\`\`ts
import { ${service}Client, ${camel}Definition, ${message}Schema } from "./gen.ts";
\`\`\`
`;
  await writeFiles(project, {
    "docs/cookbook.md": note("UserService", "userService", "GetUserRequest"),
    "src/uses.ts": 'export type { GetUserRequest } from "./gen/user_pb.ts";\n',
  });
  const renamed = text(rpcs).replace("UserService", "PeopleService");
  await writeFiles(project, {
    "proto/user.proto": renamed.replaceAll("GetUserRequest", "UserKey"),
  });
  const flags = ["--rename", "UserService=PeopleService", "--rename", "GetUserRequest=UserKey"];
  const { code, output } = await sync(...flags);
  expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining(left) });
  expect(await read("docs/cookbook.md")).toBe(note("PeopleService", "peopleService", "UserKey"));
});
