import { writeFile } from "node:fs/promises";
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
