import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

const one = "rpc Get(M) returns (M);";
const all = `${one} rpc List(M) returns (stream M); rpc Add(stream M) returns (M); rpc AnRpcOfALongName(stream M) returns (stream M);`;
const bank = proto("bank", one);

let original: string;
let cwd: string;
let project: string;

beforeAll(async () => {
  original = await temporaryFolder();
  await writeFiles(original, { "in/user.proto": proto("user", one) });
  expect((await run(["demo", ...quick, "--proto", "in"], { cwd: original })).code).toBe(0);
  await removeMarks(join(original, "demo"));
});

/** Then nothing is rewritten, and what is missing is printed. */
async function removeMarks(folder: string): Promise<void> {
  const files = await readFiles(folder);
  for (const path of ["README.md", "docs/cookbook.md", "docs/services.md", "src/client/index.ts"]) {
    const text = files.get(path) ?? "";
    const without = text.replace(/<!-- \/?sync[^>]*-->\n*|^\/\/ (?:sync:|end of sync).*\n/gm, "");
    expect(without).not.toBe(text);
    await writeFiles(folder, { [path]: without });
  }
}

beforeEach(async () => {
  cwd = await temporaryFolder();
  project = join(cwd, "demo");
  await cp(original, cwd, { recursive: true });
});

/** Grows the project and answers the lines that are printed below a title. */
async function grow() {
  const before = await readFiles(project);
  const { code, output } = await run(["demo"], { cwd });
  expect(code).toBe(0);
  const after = await readFiles(project);
  for (const path of ["docs/services.md", "src/client/index.ts"]) {
    expect(after.get(path)).toBe(before.get(path));
  }
  const sections = output.split(/\n(?! )/);
  return (title: string) => {
    const section = sections.find((text) => text.startsWith(title));
    return section
      ?.split("\n")
      .slice(1)
      .map((line) => line.slice(2));
  };
}

/** Files of a project made anew from protos: what the printed lines should lead to. */
async function madeFrom(protos: Readonly<Record<string, string>>) {
  await writeFiles(join(cwd, "anew"), protos);
  const { code } = await run(["fresh", ...quick, "--proto", "anew"], { cwd });
  expect(code).toBe(0);
  return readFiles(join(cwd, "fresh"));
}

const doc = "docs/services.md does not list these yet";
const client = "src/client/index.ts does not call these yet";
const gone = "Not in the protos any more";

test("new RPCs: the lines of docs/services.md and the calls of the client are printed", async () => {
  const protos = { "user.proto": proto("user", all) };
  await writeFiles(join(project, "proto"), protos);
  const below = await grow();
  const fresh = await madeFrom(protos);
  const lines = below(doc) ?? [];
  expect(lines.slice(0, 4).map((row) => row.split(" ").slice(0, 2).join(" "))).toEqual([
    "## user.UserService",
    "| `List`",
    "| `Add`",
    "| `AnRpcOfALongName`",
  ]);
  for (const row of lines.slice(0, 4))
    expect(fresh.get("docs/services.md")).toContain(`\n${row}\n`);
  const diagram = lines.slice(4);
  expect(diagram[0]).toBe("  Client->>Server: List(user.M)");
  expect(diagram).toContain("  par AnRpcOfALongName, both directions at once");
  expect(fresh.get("docs/services.md")).toContain(`user.M\n${diagram.join("\n")}\n\`\`\`\n`);
  const calls = (below(client) ?? []).join("\n");
  expect(calls).toContain('await show("user.UserService/List", userClient.list({}));');
  expect(calls).toContain("userClient.anRpcOfALongName(");
  expect(fresh.get("src/client/index.ts")).toContain(`${calls}\n`);
});

test("a new service: its imports and its client are printed too", async () => {
  await writeFiles(join(project, "proto"), { "bank/user.proto": bank });
  const below = await grow();
  expect(below(doc)?.[0]).toBe("## bank.UserService");
  expect(below(client)).toEqual([
    'import { UserServiceClient as BankUserClient } from "../gen/bank/user_client.ts";',
    'import { userServiceDefinition as bankUserDefinition } from "../gen/bank/user_grpc.ts";',
    "const connection = await connect([..., bankUserDefinition], loadClientConfig(readEnvironment()));",
    "const bankUserClient = new BankUserClient(connection.channel, connection.options);",
    'await show("bank.UserService/Get", bankUserClient.get({}));',
  ]);
  const again = await grow();
  expect([again(doc), again(client)]).toEqual([undefined, undefined]);
});

test("a client that is imported from the module of its definition is reported", async () => {
  const path = "src/client/index.ts";
  const text = (await readFiles(project)).get(path) ?? "";
  await writeFiles(project, { [path]: text.replace("user_client.ts", "user_grpc.ts") });
  const below = await grow();
  const line = text.split("\n").findIndex((each) => each.includes("UserServiceClient")) + 1;
  expect(below(gone)).toEqual([`${path}:${line}: the import of UserServiceClient`]);
});

test("nothing is printed for existing lines and for rewritten files", async () => {
  const row = "| `List` | mine | | | [list.ts](../src/services/user/list.ts) |";
  await writeFiles(project, {
    "proto/user.proto": proto("user", `${one} rpc List(M) returns (M);`),
    "docs/services.md": `handled in \`src/services/user/\`\n${row}\n`,
    "src/client/index.ts": 'console.log("mine");\n',
  });
  const below = await grow();
  expect([below(doc), below(client), below(gone)]).toEqual([undefined, undefined, undefined]);

  await writeFiles(project, {
    "proto/user.proto": proto("user", all),
    "docs/services.md": "mine\n",
  });
  await rm(join(project, "src/client"), { recursive: true });
  const { output } = await run(["demo"], { cwd });
  expect(output).toContain("user.UserService/Add\n");
  expect(output).not.toContain("docs/services.md");
});

test("a removed RPC: its row and its call are reported with their lines", async () => {
  await writeFiles(project, {
    "proto/user.proto": proto("user", "rpc Other(M) returns (stream M);"),
  });
  const below = await grow();
  const files = await readFiles(project);
  const lineOf = (path: string, start: string) =>
    `${path}:${1 + (files.get(path) ?? "").split("\n").findIndex((line) => line.startsWith(start))}`;
  expect(below(gone)).toEqual([
    "src/services/user/get.ts",
    "test/services/user/get.test.ts",
    `${lineOf("src/services/user/index.ts", "    get:")}: the line of user.UserService/Get`,
    `${lineOf("src/services/user/index.ts", "import { get }")}: the import of get`,
    `${lineOf("src/client/index.ts", "await show(")}: the call of user.UserService/Get`,
    `${lineOf("docs/services.md", "| `Get`")}: the row of Get`,
    `${lineOf("docs/services.md", "  Client->>Server: Get(")}: Get in the diagram`,
  ]);
});

test("a document with tables but without diagrams gets rows only, and the other way round", async () => {
  const text = (await readFiles(project)).get("docs/services.md") ?? "";
  const diagram = /^```mermaid\n.*?^```\n/ms;
  await writeFiles(project, {
    "proto/user.proto": proto("user", all),
    "docs/services.md": text.replace(diagram, ""),
  });
  const rows = (await grow())(doc) ?? [];
  expect(rows.map((row) => row.slice(0, 1))).toEqual(["#", "|", "|", "|"]);

  const more = "rpc OneMore(M) returns (M);";
  await writeFiles(project, {
    "proto/user.proto": proto("user", `${all} ${more}`),
    "docs/services.md": diagram.exec(text)?.[0] ?? "",
  });
  expect((await grow())(doc)).toEqual([
    "## user.UserService",
    "  Client->>Server: OneMore(user.M)",
    "  Server-->>Client: user.M",
  ]);
});

test("a removed service: its section and its imports are reported", async () => {
  const other = bank.replace("UserService", "VaultService");
  await writeFiles(join(cwd, "in"), { "bank/vault.proto": other });
  expect((await run(["demo2", ...quick, "--proto", "in"], { cwd })).code).toBe(0);
  await removeMarks(join(cwd, "demo2"));
  project = join(cwd, "demo2");
  await rm(join(project, "proto/bank"), { recursive: true });
  const { output } = await run(["demo2"], { cwd });
  const places = output.slice(output.indexOf(gone)).replaceAll(/:\d+:/g, ":");
  expect(places.split("\n").filter((line) => line.startsWith(" "))).toEqual([
    "  src/services/vault/get.ts",
    "  test/services/vault/get.test.ts",
    "  src/services/vault/index.ts",
    "  test/services/vault/index.test.ts",
    "  src/services/index.ts: the registration of bank.VaultService",
    "  src/services/index.ts: the import of vaultServiceDefinition",
    "  src/services/index.ts: the import of vaultServiceHandlers",
    "  src/client/index.ts: the import of VaultServiceClient",
    "  src/client/index.ts: the import of vaultServiceDefinition",
    "  src/client/index.ts: the call of bank.VaultService/Get",
    "  docs/services.md: the section of src/services/vault/",
  ]);
});
