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

describe.each(projects)("the README of $title", ({ flags }) => {
  let project: string;
  let readme: string;
  let blocks: Block[];

  beforeAll(async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "shop.proto"), proto("shop", threeRpcs));
    const { code, notes } = await run(["demo", ...flags, ...quick], { cwd });
    expect({ code, notes }).toMatchObject({ code: 0 });
    project = join(cwd, "demo");
    readme = await readFile(join(project, "README.md"), "utf8");
    blocks = typeScriptBlocks(readme);
    await lendModules(project);
    await generateDownstream(project);
    for (const { path, text } of blocks) await writeFiles(project, { [path]: text });
  });

  test("has a block for each recipe", () => {
    expect(blocks.map(({ path }) => path)).toEqual([
      "src/readme-find.ts",
      "src/readme-rows.ts",
      "src/readme-add.ts",
      "src/readme-answer.ts",
      expect.stringMatching(/^src\/readme-\d+\.ts$/), // errors
      expect.stringMatching(/^src\/readme-\d+\.ts$/), // FieldMask
      "src/warehouse.ts",
      expect.stringMatching(testPath),
      "src/tenant.ts",
    ]);
  });

  test("blocks and generated clients are formatted, pass the linter and type-check", async () => {
    expect(await runTool(project, "biome", "check", "--error-on-warnings", ".")).toBe("");
    expect(await checkTypes(project)).toBe("");
  });

  test("clients of another service do not become services to implement", async () => {
    expect((await run(["."], { cwd: project })).output).toMatch(/ is up to date with its protos/);
  });

  test("the interceptor works where the README puts it", async () => {
    const span = (pattern: RegExp) => pattern.exec(readme)?.[1] ?? "";
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

/** Where the README puts its example of a test. */
const testPath = /^test\/services\/[\w-]+\/[\w-]+\.test\.ts$/;

interface Block {
  /** Where it belongs in the project. */
  readonly path: string;
  readonly text: string;
}

/**
 * The TypeScript blocks of a README as files. A block names its file in its first line, or the text before
 * it does; otherwise any file below src fits. Handlers are shown without their head.
 */
function typeScriptBlocks(readme: string): Block[] {
  const fenced = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return fenced.flatMap(({ 1: language, 2: text = "", index }, number): Block[] => {
    if (language !== "ts") return [];
    if (/^return /m.test(text)) return handlerFiles(text);
    const previous = fenced[number - 1];
    const prose = readme.slice((previous?.index ?? 0) + (previous?.[0].length ?? 0), index);
    const path =
      /^\/\/ ((?:src|test)\/\S+\.ts)\n/.exec(text)?.[1] ??
      /, for example in `(src\/[\w-]+\.ts)`/.exec(prose)?.[1];
    return [{ path: path ?? `src/readme-${number}.ts`, text }];
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
      path: `src/readme-${name}.ts`,
      text: `${grpcError}import type { WarehouseServiceHandlers } from "./gen-downstream/warehouse_grpc.ts";
import type { Row } from "./gen-downstream/warehouse_pb.ts";

${store}

export function ${name}({ store }: { store: Store }): WarehouseServiceHandlers["${name}"] {
${body.replaceAll(/^(?=.)/gm, "  ")}}
`,
    };
  });
}

/** Follows the README: a second buf.gen.yaml, for clients of another service. */
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
