import { join } from "node:path";
import { load } from "js-yaml";
import { beforeEach, describe, expect, test } from "vitest";
import { packageManifest } from "../../src/package-root.ts";
import { parseGenConfig } from "../../src/scaffold/generation/gen-config.ts";
import { packageManagerNames } from "../../src/scaffold/templates/package-managers.ts";
import { templateContext } from "../../src/scaffold/templates/template-context.ts";
import { readTemplates, renderTemplates } from "../../src/scaffold/templates/templates.ts";
import { readVersions } from "../../src/scaffold/templates/versions.ts";
import { quick, readFiles, run, temporaryFolder, writeFiles } from "./support.ts";

const answers = {
  name: "demo",
  packageManager: "npm",
  self: "0.1.0",
  starter: "",
  additions: [],
} as const;
const context = templateContext(answers, []);
const versions = readVersions(packageManifest());
let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
});

/** Renders a templates folder with just these files in project/. */
async function render(files: Readonly<Record<string, string>>) {
  await writeFiles(join(root, "templates", "project"), files);
  const { project } = await readTemplates(root, answers);
  const rendered = renderTemplates(project, context, versions);
  return Object.fromEntries([...rendered].map(([path, content]) => [path, String(content)]));
}

test("a suffix renders, a leading underscore is a dot, the rest is copied", async () => {
  const expression = ["$", "{{ matrix.node }}"].join("");
  const files = {
    "README.md.hbs": "# {{name}} <b> & '{{packageManager.run}}'",
    "_github/workflows/ci.yml": expression,
    "_env.example.hbs": "NAME={{json name}}",
    "src/a_b.ts": "const template = '{{name}}';",
    "node_modules/x/index.js": "never",
  };
  expect(await render(files)).toEqual({
    "README.md": "# demo <b> & 'npm run'",
    ".github/workflows/ci.yml": expression,
    ".env.example": 'NAME="demo"',
    "src/a_b.ts": "const template = '{{name}}';",
  });
});

test("versions are our own pins", async () => {
  const files = { "a.hbs": '{{version "vitest"}} {{exact-version "vitest"}}' };
  const pin = packageManifest().devDependencies.vitest;
  expect(await render(files)).toEqual({ a: `^${pin} ${pin}` });
});

test.each([
  ["a value that is not there", "{{nmae}}"],
  ["a property that is not there", "{{packageManager.comand}}"],
  ["a helper that is not there", '{{verison "vitest"}}'],
  ["a package that we do not use", '{{version "left-pad"}}'],
])("%s is a failure", async (_, template) => {
  await expect(render({ "a.hbs": template })).rejects.toThrow();
});

test("a starter lies over the project, and additions lie over both", async () => {
  await writeFiles(join(root, "templates"), {
    "project/a.txt": "project",
    "starters/tiny/a.txt": "starter",
    "starters/tiny/additions/postgres/b.txt": "of the starter",
    "starters/tiny/additions/kafka/c.txt": "not asked for",
    "additions/postgres/b.txt": "postgres",
    "additions/redis/d.txt": "redis",
    "package-managers/yarn/_yarnrc.yml": "",
  });
  const layers = await readTemplates(root, {
    starter: "tiny",
    additions: ["postgres", "redis"],
    packageManager: "yarn",
  });
  expect([...layers.starter.keys()]).toEqual(["a.txt"]);
  expect([...layers.additions].map(([path, { text }]) => [path, text])).toEqual([
    ["b.txt", "of the starter"],
    ["d.txt", "redis"],
  ]);
  expect([...layers.packageManager.keys()]).toEqual([".yarnrc.yml"]);
  await expect(readTemplates(root, { ...answers, starter: "tny" })).rejects.toThrow(
    "did you mean tiny?",
  );
});

test.each(packageManagerNames)("what is rendered for %s parses", async (name) => {
  await run(["demo", ...quick, "--package-manager", name], { cwd: root });
  const files = await readFiles(join(root, "demo"));
  const parsed = [...files].filter(([path]) => /\.(?:json|ya?ml)$/.test(path));
  expect(parsed.length).toBeGreaterThan(5);
  for (const [path, text] of parsed) expect(() => load(text), path).not.toThrow();
  expect(JSON.parse(files.get("package.json") ?? "")).toMatchObject({ name: "demo" });
  expect([...files].filter(([, text]) => /\{\{[^}]*packageManager/.test(text))).toEqual([]);
});

describe("buf.gen.yaml", () => {
  const config = (es: string, grpc: string, input = "directory: proto") => `version: v2
inputs:
  - ${input}
plugins:
  - local: node_modules/.bin/protoc-gen-es
    out: src/gen
    ${es}
  - local: node_modules/.bin/protoc-gen-grpc-service
    out: src/gen
    ${grpc}
`;

  test("tells input and parameters", () => {
    const text = config("opt: target=ts,import_extension=ts", "opt: [target=ts, x=1]");
    expect(parseGenConfig(text)).toEqual({
      input: "proto",
      es: { parameter: "target=ts,import_extension=ts", includeImports: false },
      grpc: { parameter: "target=ts,x=1", includeImports: false },
    });
    const image = config("include_imports: true", "", "binary_image: proto/descriptors.binpb");
    expect(parseGenConfig(image)).toMatchObject({
      input: "proto/descriptors.binpb",
      es: { parameter: "", includeImports: true },
    });
  });

  test.each([
    ["no YAML", "a: [", "buf.gen.yaml:1: "],
    ["no plugins", "version: v2\ninputs:\n  - directory: proto\n", "no plugin"],
    ["another input", config("", "", "directory: ../elsewhere"), "expected one input"],
    ["another output", config("", "").replaceAll("src/gen", "lib"), 'must have "out: src/gen"'],
  ])("refused: %s", (_, text, message) => {
    expect(() => parseGenConfig(text)).toThrow(message);
  });
});
