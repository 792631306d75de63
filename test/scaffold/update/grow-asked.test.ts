import { writeFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { inject, note, shown } from "../cli/scripted-prompts.ts";
import { proto, readFiles } from "../support.ts";
import { copyBeforeEach, edit, inProject } from "./growing-project.ts";

vi.mock("prompts", () => import("../cli/scripted-prompts.ts"));
copyBeforeEach();

const asked = () => runCommand(["sync"], { cwd: inProject(), interactive: true, note });

test("a service that has nothing of the old one is not asked about", async () => {
  await edit("src/services/user/get.ts", (text) =>
    text.replace("return async", "// mine\n  return async"),
  );
  await writeFile(
    inProject("proto/user.proto"),
    proto("user", "rpc Fetch(M) returns (stream M);").replace("UserService", "PeopleService"),
  );
  // A service whose only RPC has another name and kind is not taken for the old one.
  inject([]);
  expect((await asked()).code).toBe(0);
  expect(shown()).toEqual([]);
});

test.each([
  [true, "src/services/people/fetch.ts"],
  [false, "src/services/people/get.ts"],
])("a service and then its RPC: %s", async (answer, handler) => {
  await edit("src/services/user/get.ts", (text) =>
    text.replace("return async", "// mine\n  return async"),
  );
  await writeFile(
    inProject("proto/user.proto"),
    proto("user", "rpc Fetch(M) returns (M);").replace("UserService", "PeopleService"),
  );
  inject([true, answer]);
  expect((await asked()).code).toBe(0);
  expect(shown()).toEqual([
    "Is user.PeopleService the new name of user.UserService? Its code moves with it.",
    "Is user.PeopleService/Fetch the new name of user.UserService/Get? Its code moves with it.",
  ]);
  expect((await readFiles(inProject())).get(handler)).toContain("// mine");
});
