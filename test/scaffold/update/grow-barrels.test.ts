import { rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { proto, readFiles, writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject } from "./growing-project.ts";

copyBeforeEach();

test("a renamed service is followed through barrels, namespaces and aliases", async () => {
  await writeFiles(inProject(), {
    "src/grpc.ts": 'export * from "./gen/user_grpc.ts"; // mine\n',
    "src/barrel.ts": `import { UserServiceHandlers } from "./grpc.ts";
export * from "./grpc.ts";
export * as user from "./gen/user_grpc.ts";
export { userServiceDefinition as people } from "./gen/user_grpc.ts";
export type { UserServiceHandlers };
`,
    "src/uses.ts": `import * as all from "./grpc.ts";
import { people, user, userServiceDefinition, type UserServiceHandlers } from "./barrel.ts";

export const list = [all.userServiceDefinition, user.userServiceDefinition, people];
export const { userServiceDefinition: mine } = { userServiceDefinition };
export type Get = UserServiceHandlers["get"] | user.UserServiceHandlers["get"];
`,
  });
  await edit("src/services/index.ts", (text) =>
    text.replace("../gen/user_grpc.ts", "../barrel.ts"),
  );
  await edit("src/services/user/index.ts", (text) =>
    text.replace("../../gen/user_grpc.ts", "../../grpc.ts"),
  );
  await writeFile(
    inProject("proto/user.proto"),
    proto("user").replace("UserService", "PeopleService"),
  );
  const flags = ["sync", "--rename", "UserService=PeopleService"];
  expect((await runCommand(flags, { cwd: inProject() })).code).toBe(0);
  const files = await readFiles(inProject());
  expect(files.get("src/grpc.ts")).toBe('export * from "./gen/user_grpc.ts"; // mine\n');
  expect(files.get("src/barrel.ts")).toBe(`import { PeopleServiceHandlers } from "./grpc.ts";
export * from "./grpc.ts";
export * as user from "./gen/user_grpc.ts";
export { peopleServiceDefinition as people } from "./gen/user_grpc.ts";
export type { PeopleServiceHandlers };
`);
  expect(files.get("src/uses.ts")).toBe(`import * as all from "./grpc.ts";
import { people, user, peopleServiceDefinition, type PeopleServiceHandlers } from "./barrel.ts";

export const list = [all.peopleServiceDefinition, user.peopleServiceDefinition, people];
export const { userServiceDefinition: mine } = { userServiceDefinition: peopleServiceDefinition };
export type Get = PeopleServiceHandlers["get"] | user.PeopleServiceHandlers["get"];
`);
  const index = files.get("src/services/index.ts") ?? "";
  expect(index).toContain('peopleServiceDefinition } from "../barrel.ts"');
  expect(index).toContain("implement(peopleServiceDefinition, peopleServiceHandlers(");
  expect(files.get("src/services/people/index.ts")).toContain("): PeopleServiceHandlers {");
  expect((await grow()).changed).toEqual([]);
});

const team = proto("team").replace("UserService", "TeamService").replace("Get(", "Join(");
/** Handlers of all services in one file, all generated code through one barrel. */
const merged = {
  "src/handlers.ts": `import type { TeamServiceHandlers, UserServiceHandlers } from "./grpc.ts";
export const team: TeamServiceHandlers = { join: async () => ({}) };
export const users = (): UserServiceHandlers => ({ get: async () => ({}) });
`,
  "src/services/index.ts": `import { implement, type ServiceRegistration } from "grpc-service";
import * as generated from "../grpc.ts";
import { team, users } from "../handlers.ts";
export function services(): ServiceRegistration[] {
  const all = [implement(generated.teamServiceDefinition, team)];
  all.push(implement(generated.userServiceDefinition, users()));
  return all;
}
`,
};

async function merge(files: Readonly<Record<string, string>>): Promise<void> {
  for (const folder of ["src/services", "test/services"]) {
    await rm(inProject(folder), { recursive: true });
  }
  await writeFiles(inProject(), { ...merged, ...files });
}

const own = (changed: readonly string[]) =>
  changed.filter((path) => /^(?:src|test)\//.test(path) && !/^src\/(?:gen|client)\//.test(path));

test("a barrel of several generated modules has the names of each", async () => {
  await writeFiles(inProject(), { "proto/team.proto": team });
  await grow();
  await merge({
    "src/grpc.ts": 'export * from "./gen/user_grpc.ts";\nexport * from "./gen/team_grpc.ts";\n',
  });
  const { changed, output } = await grow();
  expect(own(changed)).toEqual([]);
  expect(output).not.toContain("New RPCs");
});

test("handlers behind a namespace of namespaces are found, and follow a rename", async () => {
  await merge({
    "src/grpc.ts": 'export * as user from "./gen/user_grpc.ts";\n',
    "src/handlers.ts": `import type * as all from "./grpc.ts";
export const users = (): all.user.UserServiceHandlers => ({ get: async () => ({}) });
`,
    "src/services/index.ts": `import { implement, type ServiceRegistration } from "grpc-service";
import * as all from "../grpc.ts";
import { users } from "../handlers.ts";
export function services(): ServiceRegistration[] {
  return [implement(all.user.userServiceDefinition, users())].concat();
}
`,
  });
  const { changed, output } = await grow();
  expect(own(changed)).toEqual([]);
  expect(output).not.toContain("New RPCs");
  await writeFiles(inProject(), {
    "proto/user.proto": proto("user").replace("UserService", "PeopleService"),
  });
  const flags = ["sync", "--rename", "UserService=PeopleService"];
  expect((await runCommand(flags, { cwd: inProject() })).code).toBe(0);
  const files = await readFiles(inProject());
  expect(files.get("src/handlers.ts")).toContain("all.user.PeopleServiceHandlers =>");
  expect(files.get("src/services/index.ts")).toContain("(all.user.peopleServiceDefinition,");
});

const both = `syntax = "proto3";
package user;
message M {}
service UserService { rpc Get(M) returns (M); }
service TeamService { rpc Join(M) returns (M); }
`;
const withoutTeam = both.replace(/service TeamService.*\n/, "");
const onlyTeam = both
  .replace(/service UserService.*\n/, "")
  .replace("message M {}", 'import "user.proto";');

test.each([
  ["of the old module", 'export * from "./gen/user_grpc.ts";\n'],
  ["of both modules", 'export * from "./gen/team_grpc.ts";\nexport * from "./gen/user_grpc.ts";\n'],
])("a service that moves to another file is found through a barrel %s", async (_, barrel) => {
  await writeFiles(inProject(), { "proto/user.proto": both });
  await grow();
  await merge({ "src/grpc.ts": barrel });
  await writeFiles(inProject(), { "proto/user.proto": withoutTeam, "proto/team.proto": onlyTeam });
  const { changed, output, text } = await grow();
  expect(output).not.toContain("New RPCs");
  expect(own(changed).filter((path) => path !== "src/grpc.ts")).toEqual([]);
  expect(text("src/grpc.ts")).toBe(
    'export * from "./gen/team_grpc.ts";\nexport * from "./gen/user_grpc.ts";\n',
  );
});

const namespaces = 'export * as v1 from "./gen/user_grpc.ts";\n';

test.each([
  ["a namespace", "* as v1", namespaces.replace("* as v1", "*"), "v1"],
  ["a namespace of a barrel", "{ v1 }", namespaces, "v1"],
  ["a namespace of namespaces", "* as all", namespaces, "all.v1"],
  [
    "a namespace that a barrel imports",
    "* as all",
    'import * as v1 from "./gen/user_grpc.ts";\nexport { v1 };\n',
    "all.v1",
  ],
])("a service is not registered by the name of another version, from %s", async (_, ...names) => {
  const [clause, barrel, namespace] = names;
  await writeFiles(inProject(), { "src/grpc.ts": barrel });
  await edit("src/services/index.ts", (text) =>
    text
      .replace(/import \{ userServiceDefinition.*/, `import ${clause} from "../grpc.ts";`)
      .replace("(userServiceDefinition", `(${namespace}.userServiceDefinition`)
      .replace("return [", "const list = [")
      .replace("];", "];\n  return list;"),
  );
  await writeFiles(inProject(), { "proto/v2/user.proto": proto("user.v2") });
  await grow();
  const { changed, output } = await grow();
  expect(changed).toEqual([]);
  expect(output).toContain("src/services/index.ts has a layout of your own. Add these lines:\n");
  expect(output).toContain('import { userServiceDefinition } from "../gen/v2/user_grpc.ts";');
});

test("copies of handlers are offered where there are files to copy", async () => {
  await merge({
    "src/grpc.ts": 'export * from "./gen/user_grpc.ts";\n',
    "src/handlers.ts": merged["src/handlers.ts"]
      .replace(/export const team.*\n/, "")
      .replace("TeamServiceHandlers, ", ""),
  });
  await writeFiles(inProject(), { "proto/v2/user.proto": proto("user.v2") });
  const { output } = await grow();
  expect(output).toContain("user.v2.UserService/Get");
  expect(output).not.toContain("--copy");
  const flags = ["sync", "--copy", "user.UserService=user.v2.UserService"];
  const copy = await runCommand(flags, { cwd: inProject() });
  expect(
    copy.output,
  ).toContain(`Nothing was copied; handlers are copied file by file, and only over stubs that you did not change:
  user.UserService to user.v2.UserService
`);
});
