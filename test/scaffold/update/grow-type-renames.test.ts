import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { proto, readFiles, writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject } from "./growing-project.ts";

copyBeforeEach();

const sync = (...flags: string[]) => runCommand(["sync", ...flags], { cwd: inProject() });
const item = "message Item { string id = 1; Kind kind = 2; message Part { int32 n = 1; } }\n";
const kind = "enum Kind { KIND_NONE = 0; KIND_BIG = 1; }\n";
const service = proto("user", "rpc Get(M) returns (M);");

async function setProtos(protos: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(protos).map(([name, text]) => [`proto/${name}.proto`, text]);
  await writeFiles(inProject(), Object.fromEntries(entries));
}

const head = (name: string) => `syntax = "proto3";\npackage ${name};\n`;

test.each([
  ["a file of its own, in the same package", head("user"), "user"],
  ["another package", head("stock.v1"), "stock.v1"],
])("a message that is renamed and moved to %s at once", async (_, start, into) => {
  await setProtos({ user: service + item + kind });
  await grow();
  const uses = `import { type Item, type Item_Part, ItemSchema, type M } from "./gen/user_pb.ts";
export const a = (item: Item, part: Item_Part, m: M) => [ItemSchema, item, part, m];
`;
  const barrel = 'export { type Item, ItemSchema as Schema, type M } from "./gen/user_pb.ts";\n';
  await writeFiles(inProject(), {
    "src/uses.ts": uses,
    "src/barrel.ts": barrel,
    "src/behind.ts":
      'import type { Item } from "./barrel.ts";\nexport const b = (item: Item) => item;\n',
  });
  await setProtos({ user: service, stock: start + item.replace("Item", "Thing") + kind });
  const { output } = await grow();
  expect(output).toContain(`user.Item -> ${into}.Thing\n`);
  expect((await sync("--rename", `user.Item=${into}.Thing`)).code).toBe(0);
  const files = await readFiles(inProject());
  expect(
    files.get("src/barrel.ts"),
  ).toBe(`export { ThingSchema as Schema, type Thing } from "./gen/stock_pb.ts";
export { type M } from "./gen/user_pb.ts";
`);
  expect(files.get("src/behind.ts")).toBe(
    'import type { Thing } from "./barrel.ts";\nexport const b = (item: Thing) => item;\n',
  );
  expect(
    files.get("src/uses.ts"),
  ).toBe(`import { type Thing, type Thing_Part, ThingSchema } from "./gen/stock_pb.ts";
import { type M } from "./gen/user_pb.ts";
export const a = (item: Thing, part: Thing_Part, m: M) => [ThingSchema, item, part, m];
`);
});

const inline = `type Item = import("./gen/user_pb.ts").Item;
type Part = import("./gen/user_pb.ts").Item_Part;
type M = import("./gen/user_pb.ts").M;
type Schema = typeof import("./gen/user_pb.ts").ItemSchema;
type Behind = import("./barrel.ts").Item;
export async function load(): Promise<[Item, Part, M, Schema, Behind] | undefined> {
  const { ItemSchema, KindSchema: kinds = 1 } = await import("./gen/user_pb.ts");
  const other = (await import("./gen/user_pb.ts")).ItemSchema.fields;
  await import("./gen/user_pb.ts").then(({ ItemSchema }) => ItemSchema.fields);
  console.log(ItemSchema, kinds, other, { Item: 1 }.Item, (await import("node:os")).EOL);
  return undefined;
}
`;

test("types and values of import(...) follow a rename, and are enough for an offer", async () => {
  await setProtos({ user: service + item + kind });
  await grow();
  await writeFiles(inProject(), {
    "src/inline.ts": inline,
    "src/barrel.ts": 'export * from "./gen/user_pb.ts";\n',
  });
  await setProtos({ user: service + item.replace("Item", "Thing") + kind });
  expect((await grow()).output).toContain("user.Item -> user.Thing\n");
  expect((await sync("--rename", "Item=Thing")).code).toBe(0);
  expect((await readFiles(inProject())).get("src/inline.ts")).toBe(
    inline
      .replace(/(?<=\)\.)Item/g, "Thing")
      .replace(/(?<=\)\)\.)Item/g, "Thing")
      .replace(/(?<=\{ )ItemSchema/g, "ThingSchema: ItemSchema"),
  );
});

test("a name that is imported at the top too, and taken again by import(...)", async () => {
  await setProtos({ user: service + item + kind });
  await grow();
  const code = (name: string) => `import { type ${name}, ${name}Schema } from "./gen/user_pb.ts";
export type A = ${name} | import("./gen/user_pb.ts").${name};
export const schema = ${name}Schema;
export const late = async () => {
  const { ${name}Schema } = await import("./gen/user_pb.ts");
  return ${name}Schema.fields;
};
`;
  await writeFile(inProject("src/uses.ts"), code("Item"));
  await setProtos({ user: service + item.replace("Item", "Thing") + kind });
  expect((await sync("--rename", "Item=Thing")).code).toBe(0);
  expect((await readFiles(inProject())).get("src/uses.ts")).toBe(code("Thing"));
});

test("an RPC whose message has another name by --rename has no other signature", async () => {
  const rpc = proto("user", "rpc Get(Item) returns (Item);");
  await setProtos({ user: rpc + item + kind });
  await grow();
  await edit("src/services/user/get.ts", (text) =>
    text.replace("return async", "// mine\n  return async"),
  );
  await writeFile(inProject("src/uses.ts"), 'export type { Item } from "./gen/user_pb.ts";\n');
  await setProtos({ user: (rpc + item + kind).replace(/Item/g, "Thing") });
  const { output } = await sync("--rename", "Item=Thing");
  expect(output).toContain("  user.Item -> user.Thing\n");
  expect(output).not.toContain("another signature");
});

test("import(...) follows a message into another file, under another name", async () => {
  await setProtos({ user: service + item + kind });
  await grow();
  const code = (
    names: [string, string, string],
  ) => `export type A = import("./gen/${names[0]}").${names[1]};
export const b = async () => (await import("./gen/${names[0]}")).${names[2]};
export const m = async () => (await import("./gen/user_pb.ts")).MSchema;
`;
  await writeFile(inProject("src/inline.ts"), code(["user_pb.ts", "Item", "ItemSchema"]));
  await setProtos({
    user: service,
    stock: head("stock.v1") + item.replace("Item", "Thing") + kind,
  });
  expect((await sync("--rename", "user.Item=stock.v1.Thing")).code).toBe(0);
  expect((await readFiles(inProject())).get("src/inline.ts")).toBe(
    code(["stock_pb.ts", "Thing", "ThingSchema"]),
  );
});

test.each([
  [
    "a message that was there",
    ["user.Item=user.M"],
    "--rename user.Item=user.M: user.M is not new, it was in src/gen before",
  ],
  ["a short name of it", ["Item=M"], "user.M is not new, it was in src/gen before"],
  [
    "a message that is still there",
    ["user.M=user.Thing"],
    "--rename user.M=user.Thing: user.M is still in the protos",
  ],
  [
    "a service that was there",
    ["user.UserService=user.Other"],
    "user.UserService is still in the protos",
  ],
  [
    "a service as the new name that was there",
    ["user.Gone=user.Other"],
    "user.Other is not new, it was in src/gen before",
  ],
])("%s is refused, and nothing is written", async (_, renames, line) => {
  const others = `service Other { rpc Get(M) returns (M); }\n`;
  const gone = `service Gone { rpc Get(M) returns (M); }\n`;
  await setProtos({ user: service + item + kind + others + gone });
  await grow();
  await setProtos({ user: service + item.replace("Item", "Thing") + kind + others });
  const before = await readFiles(inProject());
  const { code, notes } = await sync(...renames.flatMap((value) => ["--rename", value]));
  expect(code).toBe(2);
  expect(notes).toContain(line);
  expect(notes).toMatch(/^[^\n]+\n$/);
  expect(await readFiles(inProject())).toEqual(before);
});
