import { expect, test } from "vitest";
import { proto, writeFiles } from "../support.ts";
import { expectDone, growTwice, lines } from "./by-hand.ts";
import { copyBeforeEach, edit, grow, inProject } from "./growing-project.ts";

copyBeforeEach();

test("a service that the tool cannot register is named until it is registered", async () => {
  await edit("src/services/index.ts", (text) =>
    text.replace("return [", "const all = [").replace("  ];", "  ];\n  return all;"),
  );
  await writeFiles(inProject(), {
    "proto/team.proto": proto("team").replace("UserService", "TeamService"),
  });
  const output = await growTwice();
  expect(output).toContain(
    `Nothing to write in demo; you still have to add lines.
${lines("src/services/index.ts")}  import { implement } from "grpc-service";
  import { teamServiceDefinition } from "../gen/team_grpc.ts";
  import { teamServiceHandlers } from "./team/index.ts";
      implement(teamServiceDefinition, teamServiceHandlers(dependencies)),
`.replace('  import { implement } from "grpc-service";\n', ""),
  );
  await edit("src/services/index.ts", (text) =>
    `import { teamServiceDefinition } from "../gen/team_grpc.ts";\n${text}`.replace(
      "  return all;",
      "  all.push(implement(teamServiceDefinition, {}));\n  return all;",
    ),
  );
  await expectDone();
});

test.each([
  ["a namespace as a value", 'import * as gen from "../gen/team_grpc.ts";\nObject.values(gen);\n'],
  [
    "a namespace of namespaces",
    'import * as all from "../all.ts";\nall.team.teamServiceDefinition;\n',
  ],
])("a registration through %s is one", async (_, text) => {
  await edit("src/services/index.ts", (present) => present.replace("return [", "return [...[], "));
  await writeFiles(inProject(), {
    "proto/team.proto": proto("team").replace("UserService", "TeamService"),
    "src/all.ts": 'export * as team from "./gen/team_grpc.ts";\n',
  });
  await grow();
  await writeFiles(inProject(), { "src/services/more.ts": text });
  await edit("src/services/index.ts", (present) =>
    present.replace(/.*team.*\n/gi, "").replace(/.*Team.*\n/g, ""),
  );
  await expectDone();
});

test("a registration that the user took out is named, and not put back", async () => {
  await writeFiles(inProject(), {
    "proto/team.proto": proto("team").replace("UserService", "TeamService"),
  });
  await grow();
  await edit("src/services/index.ts", (text) => text.replace(/.*team.*\n/gi, ""));
  expect(await growTwice()).toContain("implement(teamServiceDefinition, teamServiceHandlers(");
});

test("a fake of a service that the project calls need not be registered", async () => {
  await writeFiles(inProject(), {
    "proto/team.proto": proto("team").replace("UserService", "TeamService"),
  });
  await grow();
  await edit("src/services/index.ts", (text) => text.replace(/.*team.*\n/gi, ""));
  await writeFiles(inProject(), {
    "src/teams.ts":
      'import { TeamServiceClient } from "./gen/team_client.ts";\nexport const teams = (c: never) => new TeamServiceClient(c);\n',
  });
  await expectDone();
});
