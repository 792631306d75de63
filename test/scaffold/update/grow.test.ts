import { rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { proto, run, writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject, one, setRpcs, two } from "./growing-project.ts";

copyBeforeEach();

const unchecked =
  "The types were not checked: node_modules has no tsc; install the packages first.\n";

test("without changes in the protos, nothing is written", async () => {
  const { code, output, changed } = await grow();
  expect({ code, output, changed }).toEqual({
    code: 0,
    output: `Nothing to change in demo for its protos.\n${unchecked}`,
    changed: [],
  });
  const { output: here } = await run(["."], { cwd: inProject() });
  expect(here).toBe(`Nothing to change in this project for its protos.\n${unchecked}`);
});

test("a new RPC: its handler, its test, its line, and nothing else", async () => {
  await edit("src/services/user/get.ts", (text) => `${text}// mine\n`);
  await edit("src/services/user/index.ts", (text) => text.replace("/** The", "/** Mine: the"));
  await rm(inProject("Makefile"));
  await setRpcs(two);
  const { code, output, changed, text } = await grow();
  expect(code).toBe(0);
  expect(changed).toEqual([
    "docs/services.md",
    "src/client/index.ts",
    "src/gen/user_client.ts",
    "src/gen/user_grpc.ts",
    "src/gen/user_pb.ts",
    "src/services/user/index.ts",
    "src/services/user/list.ts",
    "test/services/user/list.test.ts",
  ]);
  expect(
    text("src/services/user/index.ts"),
  ).toBe(`import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

/** Mine: the handlers of user.UserService, one line per RPC. */
export function userServiceHandlers(dependencies: Dependencies): UserServiceHandlers {
  return {
    get: get(dependencies),
    list: list(dependencies),
  };
}
`);
  expect(output).toMatch(
    /^Updated demo: wrote 3 files in src\/gen or proto, added 2 files, changed 3 files of yours\. Nothing else was changed\.\n/,
  );
  expect(output).toContain("  user.UserService/List\n");
  expect(output).toContain("  src/services/user/index.ts\n");
  expect(await grow()).toMatchObject({ changed: [] });
});

test("a new service, in another package and with the same name", async () => {
  await writeFiles(inProject(), { "proto/bank/user.proto": proto("bank", one) });
  const { code, changed, text } = await grow();
  expect(code).toBe(0);
  expect(changed).toEqual([
    "README.md",
    "docs/cookbook.md",
    "docs/services.md",
    "src/client/index.ts",
    "src/gen/bank/user_client.ts",
    "src/gen/bank/user_codec.ts",
    "src/gen/bank/user_grpc.ts",
    "src/gen/bank/user_pb.ts",
    "src/services/bank-user/get.ts",
    "src/services/bank-user/index.ts",
    "src/services/index.ts",
    "test/services/bank-user/get.test.ts",
    "test/services/bank-user/index.test.ts",
  ]);
  const index = text("src/services/index.ts");
  expect(index).toContain(
    'import { userServiceDefinition as bankUserDefinition } from "../gen/bank/user_grpc.ts";\n',
  );
  expect(index).toContain(
    `    implement(userServiceDefinition, userServiceHandlers(dependencies)),
    implement(bankUserDefinition, bankUserHandlers(dependencies)),
  ];`,
  );
});

test("a new service in a file that has one: the import is extended", async () => {
  const service = "service OtherService { rpc Get(M) returns (M); }\n";
  await writeFile(inProject("proto/user.proto"), proto("user", one) + service);
  const { text } = await grow();
  expect(text("src/services/index.ts")).toContain(
    'import { otherServiceDefinition, userServiceDefinition } from "../gen/user_grpc.ts";\n',
  );
  expect(text("src/services/index.ts").match(/user_grpc/g)).toHaveLength(1);
});

test("--dry-run changes nothing", async () => {
  await setRpcs(two);
  const { output, changed } = await grow("--dry-run");
  expect(changed).toEqual([]);
  expect(output).toContain("create src/services/user/list.ts\n");
  expect(output).toContain("update src/services/user/index.ts\n");
});
