import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  lendModules,
  proto,
  quick,
  run,
  temporaryFolder,
  writeFiles,
} from "../scaffold/support.ts";
import { codeBlocks } from "../support/markdown.ts";
import { checkTypes, runTests, runTool } from "./tools.ts";

/** Each as the only RPC of a project, with a handler that does what the recipe expects of one. */
const kinds = [
  {
    kind: "unary",
    rpc: "rpc Work(M) returns (M);",
    handler: "async (_request, context) => { context.setTrailer('x-rows', '3'); return {}; }",
  },
  {
    kind: "server streaming",
    rpc: "rpc Work(M) returns (stream M);",
    handler: "async function* (_request, context) { context.setTrailer('x-rows', '3'); yield {}; }",
  },
  {
    kind: "client streaming",
    rpc: "rpc Work(stream M) returns (M);",
    handler:
      "async (requests, context) => { let rows = 2; for await (const _ of requests) rows += 1; context.setTrailer('x-rows', String(rows)); return {}; }",
  },
  {
    kind: "bidirectional streaming",
    rpc: "rpc Work(stream M) returns (stream M);",
    handler:
      "async function* (requests, context) { context.setTrailer('x-rows', '3'); for await (const _ of requests) yield {}; }",
  },
];

describe.each(kinds)("the recipe for a test, $kind", ({ rpc, handler }) => {
  test("passes the linter, type-checks, and passes for a handler that works", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "shop.proto"), proto("shop", rpc));
    const flags = ["--proto", "shop.proto", ...quick];
    expect((await run(["demo", ...flags], { cwd })).code).toBe(0);
    const project = join(cwd, "demo");
    const cookbook = await readFile(join(project, "docs/cookbook.md"), "utf8");
    const path = "test/services/user/work.test.ts";
    const recipe = codeBlocks(cookbook).find(({ text }) => text.startsWith(`// ${path}\n`));
    const source = join(project, "src/services/user/work.ts");
    const stub = await readFile(source, "utf8");
    await writeFiles(project, {
      [path]: recipe?.text ?? "",
      "src/services/user/work.ts": stub
        .replace(/^import \{ unimplemented \}.*\n/m, "")
        .replace(/ {2}return .*(?=\n}\n$)/s, `  return ${handler};`),
    });
    await lendModules(project);
    expect(await runTool(project, "biome", "check", "--error-on-warnings", path)).toBe("");
    expect(await checkTypes(project)).toBe("");
    expect(await runTests(project, path)).toBe("");
  });
});
