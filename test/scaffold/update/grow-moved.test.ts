import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject } from "./growing-project.ts";

copyBeforeEach();

/** Moves files of proto/. */
async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(inProject(`proto/${to}`)), { recursive: true });
  await rename(inProject(`proto/${from}`), inProject(`proto/${to}`));
}

const own = (changed: readonly string[]) =>
  changed.filter((path) => /^(?:src|test)\//.test(path) && !path.startsWith("src/gen/"));

test("a proto in another folder: its imports follow, and no stub is added", async () => {
  await edit("src/services/user/get.ts", (text) =>
    `import { type M, MSchema } from "../../gen/user_pb.ts"; // mine\n${text}`.concat(
      "export const m: M | typeof MSchema = MSchema;\n",
    ),
  );
  await move("user.proto", "shop/user/v1/user.proto");
  const { code, output, changed, text } = await grow();
  expect(code).toBe(0);
  expect(own(changed)).toEqual([
    "src/client/index.ts",
    "src/services/index.ts",
    "src/services/user/get.ts",
    "src/services/user/index.ts",
    "test/services/user/get.test.ts",
    "test/services/user/index.test.ts",
  ]);
  expect(text("src/services/user/get.ts")).toContain(
    'import { type M, MSchema } from "../../gen/shop/user/v1/user_pb.ts"; // mine\n',
  );
  for (const path of own(changed)) expect(text(path)).not.toMatch(/gen\/user_/);
  expect(output).toContain(`Files of the protos moved; the imports of your code follow:
  user.proto -> shop/user/v1/user.proto
`);
  expect(output).not.toContain("New RPCs");
  expect((await grow()).changed).toEqual([]);
});

const two = `syntax = "proto3";
package user;
service UserService { rpc Get(M) returns (M); }
service TeamService { rpc Join(M) returns (Team); }
message M {}
message Team { M m = 1; Kind kind = 2; enum Kind { NONE = 0; } }
`;

test("a file that is split: each service and type is followed to its own file", async () => {
  await writeFiles(inProject(), { "proto/user.proto": two });
  await grow();
  await writeFiles(inProject(), {
    "src/barrel.ts": 'export * from "./gen/user_pb.ts";\nexport * as pb from "./gen/user_pb.ts";\n',
    "src/types.ts": `import { type M, MSchema, type Team, Team_Kind, TeamSchema } from "./gen/user_pb.js";
import * as gen from "./gen/user_grpc.ts";

const lazy = () => import("./gen/user_grpc.ts");
export const all = [MSchema, TeamSchema, lazy, gen.teamServiceDefinition, Team_Kind.NONE];
export type All = M | Team;
`,
    "proto/user.proto": two.replace(/service Team.*\n/, "").replace(/message Team.*\n/, ""),
    "proto/team/team.proto": two
      .replace("package user;", 'package user;\nimport "user.proto";')
      .replace(/service User.*\n/, "")
      .replace("message M {}\n", ""),
  });
  const { changed, text, output } = await grow();
  expect(own(changed).filter((path) => /\/(?:join|get)\.ts$/.test(path))).toEqual([
    "src/services/team/join.ts",
  ]);
  expect(output).not.toContain("New RPCs");
  expect(text("src/services/team/join.ts")).toContain("gen/team/team_grpc.ts");
  expect(text("src/services/index.ts")).toContain("gen/team/team_grpc.ts");
  expect(text("src/services/index.ts")).toContain("gen/user_grpc.ts");
  expect(text("src/barrel.ts")).toContain(
    'export * from "./gen/team/team_pb.ts";\nexport * from "./gen/user_pb.ts";\n',
  );
  expect(text("src/types.ts")).toContain(
    'import { type M, MSchema } from "./gen/user_pb.js";\nimport { type Team, Team_Kind, TeamSchema } from "./gen/team/team_pb.js";\n',
  );
  expect(text("src/types.ts")).toContain('import * as gen from "./gen/team/team_grpc.ts";');
  // The module is still there: what it is imported for cannot be seen.
  expect(text("src/types.ts")).toContain('import("./gen/user_grpc.ts")');
});

test("another folder of the package, with several services and aliases", async () => {
  await rm(inProject("proto/user.proto"));
  await writeFiles(inProject(), {
    "proto/user/v1/user.proto": two.replace("package user", "package user.v1"),
  });
  await runCommand(["sync", "--rename", "none"], { cwd: inProject() });
  await writeFiles(inProject(), {
    "src/barrel.ts":
      'export { userServiceDefinition as users } from "#gen/user/v1/user_grpc.js";\n',
    "src/lazy.ts": 'export const lazy = () => import("./gen/user/v1/user_pb.ts");\n',
  });
  await move("user/v1/user.proto", "people/v1/user.proto");
  const { changed, text } = await grow();
  expect(own(changed).filter((path) => !path.startsWith("test/"))).toEqual([
    "src/barrel.ts",
    "src/client/index.ts",
    "src/lazy.ts",
    "src/services/index.ts",
    "src/services/team/index.ts",
    "src/services/team/join.ts",
    "src/services/user-2/get.ts",
    "src/services/user-2/index.ts",
  ]);
  expect(text("src/barrel.ts")).toBe(
    'export { userServiceDefinition as users } from "#gen/people/v1/user_grpc.js";\n',
  );
  expect(await readFile(inProject("src/lazy.ts"), "utf8")).toContain("./gen/people/v1/user_pb.ts");
});

test("a file that moves while its services are renamed, all behind a barrel", async () => {
  await writeFiles(inProject(), {
    "proto/user.proto": two,
  });
  await grow();
  await writeFiles(inProject(), { "src/gen.ts": 'export * from "./gen/user_grpc.ts";\n' });
  for (const path of [
    "index.ts",
    "user/index.ts",
    "user/get.ts",
    "team/index.ts",
    "team/join.ts",
  ]) {
    await edit(`src/services/${path}`, (text) => text.replace("gen/user_grpc.ts", "gen.ts"));
  }
  await rm(inProject("proto/user.proto"));
  await writeFiles(inProject(), {
    "proto/v1/people.proto": two
      .replace("UserService", "PeopleService")
      .replace("TeamService", "GroupService"),
  });
  const { output } = await grow();
  const flags = /sync (--rename \S+ --rename \S+)\n/.exec(output)?.[1]?.split(" ") ?? [];
  expect(flags).toHaveLength(4);
  expect((await runCommand(["sync", ...flags], { cwd: inProject() })).code).toBe(0);
  const { changed, text } = await grow();
  expect(changed).toEqual([]);
  expect(text("src/gen.ts")).toBe('export * from "./gen/v1/people_grpc.ts";\n');
  expect(text("src/services/people/get.ts")).toContain(
    'import type { PeopleServiceHandlers } from "../../gen.ts"',
  );
  expect(text("src/services/group/join.ts")).toContain('GroupServiceHandlers["join"]');
  expect(text("src/services/index.ts")).toContain(
    "implement(groupServiceDefinition, groupServiceHandlers(",
  );
});
