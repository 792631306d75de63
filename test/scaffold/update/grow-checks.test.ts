import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { runCommand } from "../../commands/support/run-command.ts";
import { lendModules, readFiles, writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject, setRpcs, two } from "./growing-project.ts";

copyBeforeEach();

beforeEach(async () => {
  await lendModules(inProject());
  await setTypes("const a: number = 1;\nexport { a };\n");
});

/** One file, so that the compiler is fast. */
async function setTypes(text: string): Promise<void> {
  await writeFiles(inProject(), {
    "tsconfig.json": JSON.stringify({
      compilerOptions: { noEmit: true, strict: true, types: [] },
      include: ["src/a.ts"],
    }),
    "src/a.ts": text,
  });
}

const check = () => runCommand(["sync", "--check"], { cwd: inProject() });

test("up to date is what compiles", async () => {
  expect((await grow()).output).toBe("demo is up to date with its protos.\n");
  expect(await check()).toMatchObject({
    code: 0,
    output: "This project is up to date with its protos.\n",
  });
  await setTypes('const a: number = "";\nexport { a };\n');
  const failing = `for its protos.
It does not compile yet:
  src/a.ts:1:7: TS2322: Type 'string' is not assignable to type 'number'.
`;
  const grown = await grow();
  expect(grown).toMatchObject({ code: 1, changed: [] });
  expect(grown.output).toBe(`Nothing to change in demo ${failing}`);
  expect(await check()).toMatchObject({
    code: 1,
    output: `Nothing to change in this project ${failing}`,
  });
});

test("what was written and does not compile ends with 1, until it compiles", async () => {
  await setRpcs(two);
  await setTypes('const a: number = "";\nexport { a };\n');
  const first = await grow();
  expect(first.code).toBe(1);
  expect(first.changed).toContain("src/services/user/list.ts");
  expect(await grow()).toMatchObject({ code: 1, changed: [] });
  await setTypes("const a: number = 1;\nexport { a };\n");
  expect(await grow()).toMatchObject({ code: 0, changed: [] });
});

test("a new RPC is added to a project that does not compile, and that is said", async () => {
  await setTypes('const a: number = "";\nexport { a };\n');
  const { code, output, notes } = await runCommand(["add", "rpc", "UserService/List"], {
    cwd: inProject(),
  });
  expect({ code, notes }).toEqual({ code: 1, notes: "" });
  expect(output).toMatch(/^proto\/user\.proto\n\+ rpc List/);
  expect(output).toContain("It does not compile yet:\n  src/a.ts:1:7: ");
  const files = await readFiles(inProject());
  expect(files.get("proto/user.proto")).toContain("rpc List(");
  expect(files.has("src/services/user/list.ts")).toBe(true);
});

test("sync --help and docs/upgrade.md have the exit codes", async () => {
  const { output } = await runCommand(["sync", "--help"], { cwd: inProject() });
  const codes = /^Exit codes: ([\s\S]*)/m.exec(output)?.[1] ?? "";
  const inHelp = [...codes.matchAll(/(?:^|; )(\d+) /g)].map(([, code]) => code);
  const doc = await readFile(join(packageRoot(), "docs/upgrade.md"), "utf8");
  const table = doc.slice(doc.indexOf("## Exit codes of sync"), doc.indexOf("## For contributors"));
  const inTable = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
  expect(inHelp).toEqual(["0", "1", "2", "130"]);
  expect([...new Set(inTable)]).toEqual(inHelp);
});

test("--check writes nothing, and fails if something would change", async () => {
  await setRpcs(two);
  expect(await check()).toMatchObject({ code: 1 });
  expect((await check()).output).toMatch(
    /^This project is not up to date with its protos: run npx grpc-service sync\.\n/,
  );
  expect((await grow()).changed).toContain("src/services/user/list.ts");
});

test("what is added is formatted by the project's own formatter", async () => {
  await edit("biome.json", (text) => {
    const config: object = JSON.parse(text);
    const formatter = { quoteStyle: "single", semicolons: "asNeeded" };
    return JSON.stringify({ ...config, javascript: { formatter } });
  });
  await edit("src/services/user/index.ts", (text) =>
    text.replaceAll('"', "'").replaceAll(/;$/gm, ""),
  );
  await edit("src/client/index.ts", (text) => `${text}const   mine = "";\n`);
  await setRpcs(two);
  const { text } = await grow();
  expect(text("src/services/user/list.ts")).toContain(
    "import type { UserServiceHandlers } from '../../gen/user_grpc.ts'\n",
  );
  expect(text("src/services/user/index.ts")).toContain("import { list } from './list.ts'\n");
  // It was not formatted before.
  expect(text("src/client/index.ts")).toContain('const   mine = "";\n');
});
