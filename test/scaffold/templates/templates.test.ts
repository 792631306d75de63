import { join } from "node:path";
import { load } from "js-yaml";
import { beforeEach, describe, expect, test } from "vitest";
import { packageManifest, packageRoot } from "../../../src/package-root.ts";
import { readCatalog, readReplaces } from "../../../src/scaffold/templates/manifests.ts";
import { packageManagerNames } from "../../../src/scaffold/templates/package-managers.ts";
import { templateContext } from "../../../src/scaffold/templates/template-context.ts";
import {
  readTemplates,
  renderTemplates,
  type Templates,
} from "../../../src/scaffold/templates/templates.ts";
import { readVersions } from "../../../src/scaffold/templates/versions.ts";
import { combine } from "../../../src/scaffold/templates/wiring.ts";
import { quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

const answers = {
  name: "demo",
  packageManager: "npm",
  packages: { self: "0.1.0", library: "0.1.0", vendor: new Map() },
  starter: "",
  additions: [],
} as const;
const context = templateContext(answers, { services: [], rules: false, descriptorSet: false }, [], {
  wiring: combine([]),
  testVariables: new Set(),
});
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

test(".hbs files are rendered, a leading underscore becomes a dot, other files are copied", async () => {
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

test("versions come from the package.json of this repository", async () => {
  const files = { "a.hbs": '{{version "vitest"}} {{exact-version "vitest"}}' };
  const pin = packageManifest().devDependencies.vitest;
  expect(await render(files)).toEqual({ a: `^${pin} ${pin}` });
});

test.each([
  ["a missing value", "{{nmae}}"],
  ["a missing property", "{{packageManager.comand}}"],
  ["a missing helper", '{{verison "vitest"}}'],
  ["a package that we do not use", '{{version "left-pad"}}'],
])("%s is an error", async (_, template) => {
  await expect(render({ "a.hbs": template })).rejects.toThrow();
});

describe("a path that several folders of templates/ contribute", () => {
  const both = { starter: "tiny", additions: ["one", "two"], packageManager: "yarn" } as const;
  const replaces = (...paths: string[]) => JSON.stringify({ replaces: paths });

  test("comes from the last folder that declares it as replaced; manifests are not copied", async () => {
    await writeFiles(join(root, "templates"), {
      "project/a.txt": "project",
      "starters/tiny/a.txt": "starter",
      "starters/tiny/manifest.json": replaces("a.txt"),
      "starters/tiny/additions/one/a.txt": "one in the starter",
      "starters/tiny/additions/one/b.txt": "one in the starter",
      "starters/tiny/additions/one/manifest.json": replaces("a.txt", "b.txt"),
      "starters/tiny/additions/three/c.txt": "not asked for",
      "additions/one/b.txt": "one",
      "additions/two/d.txt": "two",
      "package-managers/yarn/_yarnrc.yml": "",
    });
    const layers = await readTemplates(root, both);
    const texts = (files: Templates) => [...files].map(([path, { text }]) => [path, text]);
    expect(texts(layers.starter)).toEqual([["a.txt", "starter"]]);
    expect(texts(layers.additions)).toEqual([
      ["b.txt", "one in the starter"],
      ["d.txt", "two"],
      ["a.txt", "one in the starter"],
    ]);
    expect([...layers.packageManager.keys()]).toEqual([".yarnrc.yml"]);
  });

  test("a starter has files for a project without an addition", async () => {
    const settings = (name: string) =>
      JSON.stringify({
        wiring: { settings: [{ name, type: "boolean", read: "true", imports: [] }] },
      });
    await writeFiles(join(root, "templates"), {
      "starters/tiny/a.txt": "",
      "starters/tiny/without/one/b.txt": "",
      "starters/tiny/without/one/manifest.json": settings("notOne"),
      "starters/tiny/without/three/c.txt": "",
      "starters/tiny/without/three/manifest.json": settings("notThree"),
    });
    const { starter, additions, wiring } = await readTemplates(root, both);
    expect([...starter.keys(), ...additions.keys()]).toEqual(["a.txt", "c.txt"]);
    expect(wiring.settings.map(({ name }) => name)).toEqual(["notThree"]);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      "a starter that does not declare it",
      { "project/a.txt": "", "starters/tiny/a.txt": "" },
      "both project and starters/tiny contribute a.txt",
    ],
    [
      "an addition that does not declare it",
      { "project/_a": "", "additions/one/_a.hbs": "" },
      "both project and additions/one contribute .a",
    ],
    [
      "a starter and an addition that do not know each other",
      {
        "starters/tiny/a.txt": "",
        "additions/one/a.txt": "",
        "additions/one/manifest.json": replaces("a.txt"),
      },
      "both starters/tiny and additions/one contribute a.txt",
    ],
    [
      "two additions",
      {
        "project/a.txt": "",
        "additions/one/a.txt": "",
        "additions/one/manifest.json": replaces("a.txt"),
        "additions/two/a.txt": "",
        "additions/two/manifest.json": replaces("a.txt"),
      },
      "both additions/one and additions/two contribute a.txt",
    ],
    [
      "a starter's folders for two additions",
      {
        "starters/tiny/additions/one/a.txt": "",
        "starters/tiny/additions/two/a.txt": "",
        "starters/tiny/additions/two/manifest.json": replaces("a.txt"),
      },
      "both starters/tiny/additions/one and starters/tiny/additions/two contribute a.txt",
    ],
  ])("is refused from %s", async (_, files, message) => {
    await writeFiles(join(root, "templates"), files);
    await expect(readTemplates(root, both)).rejects.toThrow(message);
  });
});

describe("the starters and additions that exist", () => {
  const { starters, additions } = readCatalog(packageRoot());
  test("one starter is the default, and every folder has a manifest", () => {
    expect(starters.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    expect(additions.length).toBeGreaterThan(0);
  });

  test.each(["", ...starters.map(({ name }) => name)])(
    "can all be combined with each other: %j",
    async (starter) => {
      const names = additions.map(({ name }) => name);
      const choice = { starter, additions: names, packageManager: "npm" } as const;
      await expect(readTemplates(packageRoot(), choice)).resolves.toBeDefined();
    },
  );

  test("a manifest declares only paths that exist in both folders", async () => {
    const read = (starter: string, added: readonly string[]) =>
      readTemplates(packageRoot(), { starter, additions: added, packageManager: "npm" });
    const { project } = await read("", []);
    for (const { name } of starters) {
      const { starter } = await read(name, []);
      for (const path of readReplaces(packageRoot(), `starters/${name}`)) {
        expect([project.has(path), starter.has(path)], `${name}: ${path}`).toEqual([true, true]);
      }
    }
    for (const { name } of additions) {
      const added = (await read("", [name])).additions;
      for (const path of readReplaces(packageRoot(), `additions/${name}`)) {
        expect([project.has(path), added.has(path)], `${name}: ${path}`).toEqual([true, true]);
      }
    }
  });
});

test.each(packageManagerNames)("JSON and YAML files for %s parse", async (name) => {
  await run(["demo", ...quick, "--package-manager", name], { cwd: root });
  const files = await readFiles(join(root, "demo"));
  const parsed = [...files].filter(([path]) => /\.(?:json|ya?ml)$/.test(path));
  expect(parsed.length).toBeGreaterThan(5);
  for (const [path, text] of parsed) expect(() => load(text), path).not.toThrow();
  expect(JSON.parse(files.get("package.json") ?? "")).toMatchObject({ name: "demo" });
  expect([...files].filter(([, text]) => /\{\{[^}]*packageManager/.test(text))).toEqual([]);
});
