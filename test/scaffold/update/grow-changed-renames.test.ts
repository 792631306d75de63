import { mkdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { proto, readFiles, run, writeFiles } from "../support.ts";
import {
  besideProject,
  copyBeforeEach,
  edit,
  grow,
  inProject,
  setRpcs,
} from "./growing-project.ts";

copyBeforeEach();

const sync = (...flags: string[]) => runCommand(["sync", ...flags], { cwd: inProject() });
const stream = "rpc Fetch(M) returns (stream M);";

async function implement(): Promise<void> {
  await edit("src/services/user/get.ts", (text) =>
    text.replace("return async", "// mine\n  return async"),
  );
}

test("an RPC with another name and another kind is offered, with what changed", async () => {
  await implement();
  await setRpcs(stream);
  const { code, output, changed } = await grow();
  expect({ code, changed }).toEqual({ code: 1, changed: [] });
  expect(output).toContain(
    "  user.UserService/Get -> user.UserService/Fetch, which is now: server streaming (was: unary)\n",
  );
  const moved = await sync("--rename", "Get=Fetch");
  expect(moved.code).toBe(0);
  expect(moved.output).toContain(
    "src/services/user/fetch.ts:5: user.UserService/Fetch is now: server streaming (was: unary)\n",
  );
  const files = await readFiles(inProject());
  expect(files.get("src/services/user/fetch.ts")).toContain("// mine");
  expect(files.has("src/services/user/get.ts")).toBe(false);
});

test("a stub of an RPC that changed too is not asked about: nothing is lost with it", async () => {
  await setRpcs(stream);
  expect((await grow()).code).toBe(0);
});

const messages = `syntax = "proto3";
package user;
message GetUserRequest { string id = 1; }
message User { string id = 1; string email = 2; }
message Empty {}
`;

test.each([
  ["a further field", "FetchUser(FetchUserRequest) returns (User)", true],
  ["a request of its own", "FetchUser(FetchUserRequest) returns (stream User)", false],
  ["another response", "LoadUser(GetUserRequest) returns (Empty)", true],
  ["another RPC", "CountAll(Empty) returns (Count)", false],
])("with %s: %s is offered: %s", async (_, rpc, offered) => {
  const text = (rpcs: string) =>
    `${messages}${rpcs.includes("Fetch") ? "message FetchUserRequest { string id = 1; string view = 2; string lang = 3; }\n" : ""}message Count { int32 count = 1; }\nservice UserService { ${rpcs} }\n`;
  await writeFile(
    inProject("proto/user.proto"),
    text("rpc GetUser(GetUserRequest) returns (User); rpc Get(Empty) returns (Empty);"),
  );
  await grow();
  await edit("src/services/user/get-user.ts", (each) =>
    each.replace("return async", "// mine\n  return async"),
  );
  await writeFile(
    inProject("proto/user.proto"),
    text(`rpc ${rpc}; rpc Get(Empty) returns (Empty);`),
  );
  expect((await grow()).output.includes("these look renamed")).toBe(offered);
});

test("a service with another name, whose RPC has another name too", async () => {
  await implement();
  await writeFile(
    inProject("proto/user.proto"),
    proto("user", "rpc Fetch(M) returns (M);").replace("UserService", "PeopleService"),
  );
  const { output } = await grow();
  expect(output).toContain("sync --rename user.UserService=user.PeopleService\n");
  const second = await sync("--rename", "UserService=PeopleService");
  expect(second.output).toContain(
    "  npx grpc-service sync --rename user.UserService=user.PeopleService --rename user.UserService/Get=user.PeopleService/Fetch\n",
  );
  const flags = /sync (--rename \S+ --rename user\S+)\n/.exec(second.output)?.[1]?.split(" ") ?? [];
  expect((await sync(...flags)).code).toBe(0);
  const files = await readFiles(inProject());
  expect(files.get("src/services/people/fetch.ts")).toContain("// mine");
  expect(files.has("src/services/people/get.ts")).toBe(false);
  expect((await grow()).changed).toEqual([]);
});

test("short names: of an RPC, a service and a message; what means two things is refused", async () => {
  const rpcs = "rpc Get(M) returns (M); rpc Add(N) returns (N);";
  const withN = (text: string) =>
    text.replace("message M {}", "message M {}\nmessage N { int32 a = 1; }");
  await writeFiles(inProject(), {
    "proto/user.proto": withN(proto("user", rpcs)),
    "proto/team.proto": proto("team", rpcs)
      .replace("UserService", "TeamService")
      .replace(/N/g, "M"),
  });
  await grow();
  await writeFiles(inProject(), {
    "src/n.ts":
      'import { type N, NSchema } from "./gen/user_pb.ts";\nexport type A = N | typeof NSchema;\n',
    "proto/user.proto": withN(proto("user", rpcs)).replace(/\bN\b/g, "New"),
  });
  expect((await sync("--rename", "Get=Add")).notes).toBe(
    'grpc-service: --rename "Get=Add": Get may be team.TeamService/Get (RPC) or user.UserService/Get (RPC); write it in full\n',
  );
  expect((await sync("--rename", "N=New")).output).toContain("  user.N -> user.New\n");
  expect((await readFiles(inProject())).get("src/n.ts")).toBe(
    'import { type New, NewSchema } from "./gen/user_pb.ts";\nexport type A = New | typeof NewSchema;\n',
  );
});

test("the printed command works as it is copied: it has the protos and the folder of the run", async () => {
  await writeFiles(besideProject("in it"), {
    "user.proto": proto("user", "rpc Fetch(M) returns (M);"),
  });
  const cwd = besideProject("");
  const { output } = await run(["demo", "--force", "--proto", "in it/user.proto", "-I", "in it"], {
    cwd,
  });
  expect(output).toContain(
    "  cd demo && npx grpc-service sync --proto '../in it/user.proto' --import-path '../in it' --force --rename user.UserService/Get=user.UserService/Fetch\n",
  );
  await mkdir(inProject("src/deep"));
  const deep = await runCommand(
    [
      "sync",
      "--proto",
      "../../../in it/user.proto",
      "-I",
      "../../../in it",
      "--force",
      "--rename",
      "none",
    ],
    { cwd: inProject("src/deep") },
  );
  expect(deep.code).toBe(0);
});

test("a move to the path of another file is not made, and that is said", async () => {
  await implement();
  await writeFiles(inProject(), { "src/services/user/fetch.ts": "export const other = 1;\n" });
  await setRpcs("rpc Fetch(M) returns (M);");
  const { output } = await sync("--rename", "Get=Fetch");
  expect(output).toContain(`Not moved, because you have a file of the new name:
  src/services/user/get.ts -> src/services/user/fetch.ts
`);
  const files = await readFiles(inProject());
  expect(files.get("src/services/user/index.ts")).toContain('import { fetch } from "./get.ts";');
  expect(files.get("src/services/user/fetch.ts")).toBe("export const other = 1;\n");
});

test("a rename that nothing needs is not reported as done", async () => {
  await writeFiles(inProject(), { "proto/n.proto": 'syntax = "proto3"; package n; message A {}' });
  await grow();
  await writeFiles(inProject(), { "proto/n.proto": 'syntax = "proto3"; package n; message B {}' });
  const { output } = await sync("--rename", "A=B");
  expect(output).toContain("Nothing of yours has these names, so nothing was moved:\n  n.A\n");
  expect(output).not.toContain("Moved to their new names");
});

test("a message and an enum that the code names are offered, others are not", async () => {
  const types = `message Item { string id = 1; Kind kind = 2; message Part { int32 n = 1; } }
enum Kind { KIND_NONE = 0; KIND_BIG = 1; }
message Other { string text = 1; }
`;
  await writeFiles(inProject(), {
    "proto/user.proto": proto("user", "rpc Get(M) returns (M);") + types,
  });
  await grow();
  const uses = `import { type Item, type Item_Part, ItemSchema, Kind } from "./gen/user_pb.ts";
export const a = (item: Item, part: Item_Part) => [ItemSchema, Kind.BIG, item, part];
`;
  await writeFiles(inProject(), {
    "src/uses.ts": uses,
    "proto/user.proto": (proto("user", "rpc Get(M) returns (M);") + types)
      .replace(/Item/g, "Thing")
      .replace(/Kind/g, "Size")
      .replace(/KIND_/g, "SIZE_")
      .replace("Other", "Another"),
  });
  const { output } = await grow();
  expect(output).toContain(
    "  cd demo && npx grpc-service sync --rename user.Item=user.Thing --rename user.Kind=user.Size\n",
  );
  expect((await sync("--rename", "Item=Thing", "--rename", "Kind=Size")).code).toBe(0);
  expect((await readFiles(inProject())).get("src/uses.ts")).toBe(
    uses.replace(/Item/g, "Thing").replace(/Kind/g, "Size"),
  );
});
