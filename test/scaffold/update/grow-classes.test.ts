import { rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { readFiles, writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject, setRpcs, two } from "./growing-project.ts";

copyBeforeEach();

const own = (changed: readonly string[]) =>
  changed.filter((path) => path.startsWith("src/") && !path.startsWith("src/gen/"));

/** Registers handlers of another file. */
async function register(name: string, value: string): Promise<void> {
  await rm(inProject("src/services/user"), { recursive: true });
  await rm(inProject("test"), { recursive: true });
  await edit("src/services/index.ts", (text) =>
    text
      .replace("userServiceHandlers(dependencies)", value)
      .replace("{ userServiceHandlers }", name)
      .replace("./user/index.ts", "../users.ts"),
  );
}

const users = `import type { UserServiceHandlers } from "./gen/user_grpc.ts";

class Store {
  get = () => 1;
}
export default class Users extends Store implements UserServiceHandlers {
  private readonly cache = new Map<string, string>()
  get = async () => this.cache.get("get") === undefined ? {} : {};
  again() {
    return this.get();
  }
}
`;

test("a class is renamed with its RPC, and other members of the name stay", async () => {
  await register("Users", "new Users()");
  await writeFile(inProject("src/users.ts"), users);
  expect((await grow()).output).not.toContain("Add these lines");
  await setRpcs("rpc Fetch(M) returns (M);");
  const flags = ["sync", "--rename", "Get=Fetch"];
  expect((await runCommand(flags, { cwd: inProject() })).code).toBe(0);
  expect((await readFiles(inProject())).get("src/users.ts")).toBe(
    users
      .replace(
        'get = async () => this.cache.get("get")',
        'fetch = async () => this.cache.get("get")',
      )
      .replace("return this.get()", "return this.fetch()"),
  );
  expect(own((await grow()).changed)).toEqual([]);
});

test.each([
  "list() {",
  "public override async list(): Promise<M> {",
  "*list() {",
  "list = async () => {",
])("a member %s of a class is a handler", async (head) => {
  await register("Users", "new Users()");
  await writeFile(inProject("src/users.ts"), users.replace("  again", `  ${head}\n  }\n  again`));
  await setRpcs(two);
  const { output, changed } = await grow();
  expect(own(changed)).toEqual(["src/client/index.ts"]);
  expect(output).not.toContain("Add these lines");
});

test("handlers of grpc-js that run by adopt are left alone", async () => {
  await register("{ old }", "old");
  await edit("src/services/index.ts", (text) =>
    text.replace(
      "implement(userServiceDefinition, old)",
      "adopt(userServiceDefinition, { ...old, service, implementation: old })",
    ),
  );
  await writeFile(inProject("src/users.ts"), "export const old = { get() {} };\n");
  expect(own((await grow()).changed)).toEqual([]);
  await edit("src/services/index.ts", (text) => text.replace("...old, ", ""));
  expect(own((await grow()).changed)).toEqual([]);
});

test("handlers in one file of src: a new one gets the usual folder", async () => {
  await register("* as users", "{ get: users.get(dependencies) }");
  await writeFiles(inProject(), {
    "src/users.ts": `import type { UserServiceHandlers } from "./gen/user_grpc.ts";
export const get = (_: unknown): UserServiceHandlers["get"] => async () => ({});
export type List = UserServiceHandlers["list"];
`,
  });
  await setRpcs(two);
  const { changed, output } = await grow();
  expect(own(changed)).toEqual(["src/client/index.ts", "src/services/user/list.ts"]);
  expect(output).toContain(
    'src/services/index.ts has a layout of your own. Add these lines:\n  import { list } from "./user/list.ts";\n',
  );
});

test("names of an object of handlers follow a rename, other objects keep theirs", async () => {
  await register("{ handlers }", "handlers");
  const text = `import type { UserServiceHandlers } from "./gen/user_grpc.ts";

export const handlers = {} as UserServiceHandlers;
handlers.get = async () => ({});
handlers["get"] = async () => ({ get: { get: 1 } }.get);
export const others: Record<string, unknown> = { get: handlers.get };
others.get = 1;
`;
  await writeFiles(inProject(), { "src/users.ts": text });
  await setRpcs("rpc Fetch(M) returns (M);");
  await runCommand(["sync", "--rename", "Get=Fetch"], { cwd: inProject() });
  expect((await readFiles(inProject())).get("src/users.ts")).toBe(
    text
      .replace("handlers.get =", "handlers.fetch =")
      .replace('handlers["get"]', 'handlers["fetch"]')
      .replace("{ get: handlers.get }", "{ get: handlers.fetch }"),
  );
});

const merged = (name: string) => `import type { UserServiceHandlers } from "./gen/user_grpc.ts";
export const ${name}: UserServiceHandlers["${name}"] = async () => ({});
export default async function make(): Promise<UserServiceHandlers> {
  return { ${name} };
}
`;

test("handlers in one file behind a default export, by shorthand", async () => {
  await register("users", "await users()");
  await writeFiles(inProject(), { "src/users.ts": merged("get") });
  expect((await grow()).output).not.toContain("Add these lines");
  await setRpcs("rpc Fetch(M) returns (M);");
  await runCommand(["sync", "--rename", "Get=Fetch"], { cwd: inProject() });
  expect((await readFiles(inProject())).get("src/users.ts")).toBe(merged("fetch"));
});

test("a handler of a default export, imported under a name of the user's", async () => {
  await edit("src/services/user/get.ts", (text) =>
    text.replace("export function", "export default function"),
  );
  await edit("src/services/user/index.ts", (text) =>
    text
      .replace("import { get }", "import byId")
      .replace("get: get(dependencies)", '"get": byId(dependencies)')
      .replaceAll("\n", "\r\n"),
  );
  await setRpcs("rpc Fetch(M) returns (M);");
  await runCommand(["sync", "--rename", "Get=Fetch"], { cwd: inProject() });
  const index = (await readFiles(inProject())).get("src/services/user/index.ts") ?? "";
  expect(index).toContain('import byId from "./fetch.ts";\r\n');
  expect(index).toContain('    "fetch": byId(dependencies),\r\n');
  expect(own((await grow()).changed)).toEqual([]);
});
