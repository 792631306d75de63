import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { writeFiles } from "../support.ts";
import { expectDone, growTwice, lines } from "./by-hand.ts";
import { copyBeforeEach, edit, grow, inProject, setRpcs, two } from "./growing-project.ts";

copyBeforeEach();

const assigned = `import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { get } from "./get.ts";

export function userServiceHandlers(dependencies: Dependencies): UserServiceHandlers {
  const handlers = {} as UserServiceHandlers;
  handlers.get = get(dependencies);
  return handlers;
}
`;

test("handlers behind a cast: what is missing is named until it is there", async () => {
  await writeFiles(inProject(), { "src/services/user/index.ts": assigned });
  await expectDone();
  await setRpcs(two);
  const first = await grow();
  expect(first.output).toContain("  user.UserService/List\n");
  const output = await growTwice();
  expect(
    output,
  ).toContain(`${lines("src/services/user/index.ts")}  import { list } from "./list.ts";
      list: list(dependencies),
`);
  expect(output).not.toContain("New RPCs");
  // A local variable of the name is not the handler.
  await edit("src/services/user/index.ts", (text) =>
    text.replace(
      "  return handlers",
      "  const list = [handlers.get].map((get) => get);\n  void list;\n  return handlers",
    ),
  );
  await growTwice();
  await edit("src/services/user/index.ts", (text) =>
    text.replace(
      "  return handlers",
      "  handlers.list = async function* () {};\n  return handlers",
    ),
  );
  await expectDone();
});

test.each([
  ["a member", "{ get: get(d), async *list() {} }"],
  ["an entry", 'Object.fromEntries([["get", get(d)], ["list", get(d)]])'],
  ["an element", '(((h) => { h["list"] = get(d); return h; })({ get: get(d) }))'],
])("%s of any object is a handler", async (_, value) => {
  await setRpcs(two);
  await grow();
  await writeFiles(inProject(), {
    "src/services/user/index.ts": assigned
      .replace(
        / {2}const handlers[\s\S]*return handlers;/,
        `  const handlers: any = ${value};\n  return handlers;`,
      )
      .replace("dependencies: D", "d: D"),
  });
  await expectDone();
});

test("a handler that nothing imports is named, one that is imported is not", async () => {
  await rm(inProject("test"), { recursive: true });
  await writeFiles(inProject(), {
    "src/services/user/index.ts": assigned.replace(
      /\{\n {2}const[\s\S]*/,
      "{\n  const all: any = [get(dependencies)];\n  return Object.assign({}, ...all);\n}\n",
    ),
  });
  await expectDone();
  await setRpcs(two);
  expect(await growTwice()).toContain('  import { list } from "./list.ts";\n');
  await edit("src/services/user/index.ts", (text) =>
    text
      .replace("import { get }", 'import { list as rows } from "./list.ts";\nimport { get }')
      .replace("[get(dependencies)]", "[get(dependencies), { list: rows(dependencies) }]"),
  );
  await expectDone();
});

test("an RPC whose handler the user had is not called new", async () => {
  await writeFiles(inProject(), {
    "src/services/user/list.ts":
      "export function list() {\n  return async function* () {}; // mine\n}\n",
  });
  await setRpcs(two);
  const { output, text } = await grow();
  expect(output).toContain(
    "Registered with the handlers that you have:\n  user.UserService/List\n",
  );
  expect(output).not.toContain("New RPCs");
  expect(text("src/services/user/list.ts")).toContain("// mine");
});

const untyped = (text: string) => text.replace(/: UserServiceHandlers \{/, " {");

test.each([
  ["a function without a type", untyped, "\n    list: list(dependencies),\n"],
  [
    "a variable",
    (text: string) =>
      text.replace(
        /export function[\s\S]*/,
        "export const handlers = { get: get(undefined as never) };\n",
      ),
    undefined,
  ],
  [
    "a part",
    (text: string) => text.replace(": UserServiceHandlers {", ": Partial<UserServiceHandlers> {"),
    "\n    list: list(dependencies),\n",
  ],
])("handlers that the compiler does not check: %s", async (_, change, line) => {
  await edit("src/services/user/index.ts", change);
  if (line === undefined) {
    await edit("src/services/index.ts", (text) =>
      text
        .replace("userServiceHandlers(dependencies)", "handlers")
        .replace("userServiceHandlers", "handlers"),
    );
  }
  await expectDone();
  await setRpcs(two);
  // The last state has it: buf generate has run, and the handler is still missing.
  await writeFiles(inProject(), { "src/gen/user_grpc.ts": "" });
  const { text } = await grow();
  if (line !== undefined) {
    expect(text("src/services/user/index.ts")).toContain(line);
    return expectDone();
  }
  await rm(inProject("src/services/user/list.ts"));
  expect(await growTwice()).toContain("  list: list(dependencies),\n");
  await edit("src/services/user/index.ts", (each) =>
    each.replace("= { get:", "= { list() {}, get:"),
  );
  await expectDone();
});

test("handlers that are put together of parts: what cannot be seen is not called missing", async () => {
  await setRpcs(two);
  await grow();
  await rm(inProject("src/services/user/list.ts"));
  await writeFiles(inProject(), {
    "src/services/user/index.ts": assigned
      .replace(
        "{} as UserServiceHandlers",
        "{} as UserServiceHandlers;\n  Object.assign(handlers, shared)",
      )
      .replace("import { get }", 'import { shared } from "shared";\nimport { get }'),
  });
  await expectDone();
});

test("--dry-run prints the lines to add, too", async () => {
  await edit("src/services/user/index.ts", (text) =>
    text.replace("return {", "const handlers = {").replace("  };\n", "  };\n  return handlers;\n"),
  );
  await setRpcs(two);
  await grow();
  const { output } = await grow("--dry-run");
  expect(output).toContain(`${lines("src/services/user/index.ts")}  import { list }`);
});

test("handlers that are loaded from their folder are not called loose", async () => {
  await writeFiles(inProject(), {
    "src/services/user/index.ts": `import { readdirSync } from "node:fs";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";

const names = readdirSync(import.meta.dirname).filter((name) => name !== "index.ts");
const entries = await Promise.all(names.map(async (name) => [name, await import("./" + name)]));
export const userServiceHandlers = () => Object.fromEntries(entries) as unknown as UserServiceHandlers;
`,
  });
  await expectDone();
  await setRpcs(two);
  expect((await grow()).changed).toContain("src/services/user/list.ts");
  await expectDone();
});
