import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { readCatalog } from "../../src/scaffold/templates/manifests.ts";
import {
  lendModules,
  proto,
  quick,
  run,
  temporaryFolder,
  writeFiles,
} from "../scaffold/support.ts";
import { checkTypes, runTests, runTool } from "./tools.ts";

const bin = join(packageRoot(), "node_modules/.bin");

/** The service that the recipes call, with the messages of the handlers that they show. */
const warehouse = `syntax = "proto3";
package warehouse;
message Row { int32 id = 1; }
message Done { bool ok = 1; }
service WarehouseService {
  rpc Find(Row) returns (Row);
  rpc Rows(Row) returns (stream Row);
  rpc Add(stream Row) returns (Done);
  rpc Answer(stream Row) returns (stream Row);
}
`;

/** What the shown handlers take from `Dependencies`. */
const store = `interface Store {
  find(id: number, signal: AbortSignal): Promise<Row>;
  rows(id: number, signal: AbortSignal): AsyncIterable<Row>;
  add(row: Row, signal: AbortSignal): Promise<void>;
  answer(row: Row, signal: AbortSignal): Promise<Row>;
}`;

const threeRpcs =
  "rpc Get(M) returns (M); rpc List(M) returns (stream M); rpc Add(stream M) returns (M);";

const projects = [
  ...readCatalog(packageRoot()).starters.map(({ name }) => {
    return { title: `the starter ${name}`, flags: ["--starter", name] };
  }),
  { title: "a project of 3 RPCs", flags: ["--proto", "shop.proto"] },
];

describe.each(projects)("the cookbook of $title", ({ flags }) => {
  let project: string;
  let cookbook: string;
  let blocks: Block[];

  beforeAll(async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "shop.proto"), proto("shop", threeRpcs));
    const { code, notes } = await run(["demo", ...flags, ...quick], { cwd });
    expect({ code, notes }).toMatchObject({ code: 0 });
    project = join(cwd, "demo");
    cookbook = await readFile(join(project, "docs/cookbook.md"), "utf8");
    blocks = typeScriptBlocks(cookbook);
    await lendModules(project);
    await generateDownstream(project);
    for (const { path, text } of blocks) await writeFiles(project, { [path]: text });
  });

  test("has a block for each recipe", () => {
    expect(blocks.map(({ path }) => path)).toEqual([
      "src/recipe-find.ts",
      "src/recipe-rows.ts",
      "src/recipe-add.ts",
      "src/recipe-answer.ts",
      expect.stringMatching(testPath),
      expect.stringMatching(/^src\/recipe-\d+\.ts$/), // errors
      "src/warehouse-config.ts",
      "src/warehouse.ts",
      "src/tenant.ts",
      expect.stringMatching(/^src\/recipe-\d+\.ts$/), // FieldMask
    ]);
  });

  test("blocks and generated clients are formatted, pass the linter and type-check", async () => {
    expect(await runTool(project, "biome", "check", "--error-on-warnings", ".")).toBe("");
    expect(await checkTypes(project)).toBe("");
  });

  test("clients of another service do not become services to implement", async () => {
    expect((await run(["."], { cwd: project })).output).toMatch(/ is up to date with its protos/);
  });

  const span = (pattern: RegExp) => pattern.exec(cookbook)?.[1] ?? "";

  test("the setting is typed, checked and listed where the cookbook puts it", async () => {
    const property = span(/add `(readonly warehouse: \w+;)` to `Config`/);
    const reading = span(/`(warehouse: \w+\(env\),)`/);
    const variables = span(/`startApp\(\{ (variables: .*?) \}\)`/);
    await edit(project, "src/config.ts", (text) =>
      text
        .replace(/^export interface Config .*\{\n/m, (line) => `${line}  ${property}\n`)
        .replace(/^ +\.\.\.readServiceConfig\(.*\n/m, (line) => `${line}  ${reading}\n`)
        .replace(/^const service = /m, `${settingImport}\n\n$&`),
    );
    await writeFiles(project, { "test/setting.test.ts": settingTest(variables) });
    expect(await runTool(project, "biome", "check", "--write", "src/config.ts")).toBe(""); // imports
    expect(await checkTypes(project)).toBe("");
    expect(await runTests(project, "test/app.test.ts", "test/setting.test.ts", "-u")).toBe("");
    const example = await readFile(join(project, ".env.example"), "utf8");
    expect(example).toContain(`
## Warehouse
# Address of the warehouse.
WAREHOUSE_ADDRESS=localhost:50052
# Time limit of a call.
WAREHOUSE_TIMEOUT_MS=500
`);
  });

  test("the interceptor works where the cookbook puts it", async () => {
    const line = span(/`(unless\([^`]*tenant\),)`/);
    const options = span(/`(\{ metadata: [^`]* \.\.\.options \})`/);
    expect(line).not.toBe("");
    await edit(project, "src/interceptors.ts", (text) =>
      text
        .replace(/^ +config\.auth\.required && auth.*$/m, (auth) => `${auth}\n    ${line}`)
        .replace(/^const health = /m, 'import { tenant } from "./tenant.ts";\n\n$&'),
    );
    await edit(project, "test/start-app.ts", (text) =>
      text.replace("}, options)", `}, ${options})`),
    );
    const example = blocks.map(({ path }) => path).find((path) => testPath.test(path)) ?? "";
    const tests = ["test/app.test.ts", `${dirname(example)}/index.test.ts`];
    expect(await runTests(project, ...tests)).toBe("");
  });
});

const settingImport =
  'import { readWarehouseConfig, type WarehouseConfig } from "./warehouse-config.ts";';

/** Reads the setting as the cookbook says, and takes its word for what a wrong value causes. */
function settingTest(variables: string): string {
  return `import { expect, test } from "vitest";
import { loadConfig } from "../src/config.ts";
import { startApp } from "./start-app.ts";

test("a setting", async () => {
  const defaults: { address: string; timeoutMs: number } = loadConfig({ ENV: "test" }).warehouse;
  expect(defaults).toEqual({ address: "localhost:50052", timeoutMs: 500 });
  expect(() => loadConfig({ ENV: "test", WAREHOUSE_TIMEOUT_MS: "soon" })).toThrow(
    'WAREHOUSE_TIMEOUT_MS must be a whole number from 1 to 60000, not "soon"',
  );
  const app = await startApp({ ${variables} });
  expect(app.config.warehouse.timeoutMs).toBe(50);
  await app.close();
});
`;
}

/** Where the cookbook puts its example of a test. */
const testPath = /^test\/services\/[\w-]+\/[\w-]+\.test\.ts$/;

interface Block {
  /** Where it belongs in the project. */
  readonly path: string;
  readonly text: string;
}

/**
 * The TypeScript blocks of a document as files. A block names its file in its first line, or the text before
 * it does; otherwise any file below src fits. Handlers are shown without their head.
 */
function typeScriptBlocks(document: string): Block[] {
  const fenced = [...document.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return fenced.flatMap(({ 1: language, 2: text = "", index }, number): Block[] => {
    if (language !== "ts") return [];
    if (/^return /m.test(text)) return handlerFiles(text);
    const previous = fenced[number - 1];
    const prose = document.slice((previous?.index ?? 0) + (previous?.[0].length ?? 0), index);
    const path =
      /^\/\/ ((?:src|test)\/\S+\.ts)\n/.exec(text)?.[1] ??
      /, for example in `(src\/[\w-]+\.ts)`/.exec(prose)?.[1];
    return [{ path: path ?? `src/recipe-${number}.ts`, text }];
  });
}

/** One file per kind: what is shown, below the head of an emitted handler. */
function handlerFiles(text: string): Block[] {
  const names = ["find", "rows", "add", "answer"];
  const bodies = text.split(/^\/\/ .*\n/m).slice(1);
  expect(bodies).toHaveLength(names.length);
  return names.map((name, index) => {
    const body = bodies[index] ?? "";
    const grpcError = body.includes("GrpcError")
      ? 'import { GrpcError } from "grpc-service";\n'
      : "";
    return {
      path: `src/recipe-${name}.ts`,
      text: `${grpcError}import type { WarehouseServiceHandlers } from "./gen-downstream/warehouse_grpc.ts";
import type { Row } from "./gen-downstream/warehouse_pb.ts";

${store}

export function ${name}({ store }: { store: Store }): WarehouseServiceHandlers["${name}"] {
${body.replaceAll(/^(?=.)/gm, "  ")}}
`,
    };
  });
}

/** Follows the cookbook: a second buf.gen.yaml, for clients of another service. */
async function generateDownstream(project: string): Promise<void> {
  const programs = await temporaryFolder();
  await mkdir(join(project, "downstream"));
  await writeFile(join(project, "downstream/warehouse.proto"), warehouse);
  const template = await readFile(join(project, "buf.gen.yaml"), "utf8");
  await writeFile(
    join(project, "buf.gen.downstream.yaml"),
    template
      .replace("directory: proto", "directory: downstream")
      .replaceAll("out: src/gen", "out: src/gen-downstream"),
  );
  const plugin = join(packageRoot(), "src/plugin/bin.ts");
  const launcher = `#!/bin/sh\nexec "${join(bin, "tsx")}" "${plugin}" "$@"\n`;
  await writeFile(join(programs, "protoc-gen-grpc-service"), launcher, { mode: 0o755 });
  await symlink(join(bin, "protoc-gen-es"), join(programs, "protoc-gen-es"));
  const env = { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}` };
  const buf = join(packageRoot(), "node_modules/@bufbuild/buf/bin/buf");
  const args = [buf, "generate", "--template", "buf.gen.downstream.yaml"];
  await promisify(execFile)(process.execPath, args, { cwd: project, env });
}

async function edit(
  project: string,
  path: string,
  change: (text: string) => string,
): Promise<void> {
  const text = await readFile(join(project, path), "utf8");
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(join(project, path), changed);
}
