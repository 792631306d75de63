import { beforeEach, expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { lendModules, writeFiles } from "../support.ts";
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
  expect(grown).toMatchObject({ code: 0, changed: [] });
  expect(grown.output).toBe(`Nothing to change in demo ${failing}`);
  expect(await check()).toMatchObject({
    code: 1,
    output: `Nothing to change in this project ${failing}`,
  });
});

test("--check writes nothing, and fails if something would change", async () => {
  await setRpcs(two);
  expect(await check()).toMatchObject({ code: 1 });
  expect((await check()).output).toMatch(
    /^This project is not up to date with its protos: run grpc-service sync\.\n/,
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
