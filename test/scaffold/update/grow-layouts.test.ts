import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject, setRpcs, two } from "./growing-project.ts";

copyBeforeEach();

/** The files of the user that a run created. */
async function created() {
  const { changed, output } = await grow();
  return {
    output,
    files: changed.filter((path) => /^(?:src|test)\//.test(path) && !path.startsWith("src/gen/")),
  };
}

const merged = `import type { Dependencies } from "./dependencies.ts";
import type { UserServiceHandlers } from "./grpc.ts";

export const users = (_: Dependencies): UserServiceHandlers => {
  const ratio = (a: number) => a / 2; // "/
  return { get: async () => (ratio(1) > 0 ? {} : {}) };
};
`;

test("handlers in one file behind a barrel, without tests: a new RPC gets its handler only", async () => {
  await rm(inProject("src/services/user"), { recursive: true });
  await rm(inProject("test"), { recursive: true });
  await writeFiles(inProject(), {
    "src/grpc.ts": 'export * from "./gen/user_grpc.ts";\n',
    "src/users.ts": merged,
  });
  await edit("src/services/index.ts", (text) =>
    text
      .replace("{ userServiceDefinition }", "* as gen")
      .replace("../gen/user_grpc.ts", "../grpc.ts")
      .replace("(userServiceDefinition, userServiceHandlers", "(gen.userServiceDefinition, users")
      .replace("{ userServiceHandlers }", "{ users }")
      .replace("./user/index.ts", "../users.ts"),
  );
  expect((await created()).files).toEqual([]);
  await setRpcs(two);
  const { files } = await created();
  expect(files).toEqual(["src/client/index.ts", "src/services/user/list.ts", "src/users.ts"]);
  expect((await grow()).changed).toEqual([]);
});

test("a class and an alias of the folder of generated code: nothing is added for them", async () => {
  await rm(inProject("src/services/user"), { recursive: true });
  await writeFiles(inProject(), {
    "src/users.ts": `import type { UserServiceHandlers } from "#gen/user_grpc.js";

export class Users implements UserServiceHandlers {
  get = async () => ({});
}
`,
  });
  await edit("src/services/index.ts", (text) =>
    text
      .replace("userServiceHandlers(dependencies)", "new Users()")
      .replace("{ userServiceHandlers }", "{ Users }")
      .replace("./user/index.ts", "../users.ts"),
  );
  expect((await created()).files).toEqual([]);
  await setRpcs(two);
  const { files, output } = await created();
  expect(files).toEqual([
    "src/client/index.ts",
    "src/services/user/list.ts",
    "test/services/user/list.test.ts",
  ]);
  expect(output).toContain("src/users.ts has a layout of your own. Add these lines:\n");
});

test("an RPC that the last state had is not new, however its handler is written", async () => {
  await edit("src/services/user/index.ts", (text) =>
    text.replace("get: get(dependencies),", "...Object.fromEntries(all(dependencies)),"),
  );
  await rm(inProject("src/services/user/get.ts"));
  expect((await created()).files).toEqual([]);
});
