import { join } from "node:path";
import handlebars from "handlebars/runtime.js";
import { describe, expect, test } from "vitest";
import { packageManifest, packageRoot } from "../../../src/package-root.ts";
import {
  compileTemplate,
  precompileTemplate,
  type Template,
} from "../../../src/scaffold/templates/compile-template.ts";
import { templateHelpers } from "../../../src/scaffold/templates/helpers.ts";
import { readCatalog } from "../../../src/scaffold/templates/manifests.ts";
import { packageManagerNames } from "../../../src/scaffold/templates/package-managers.ts";
import { templateContext } from "../../../src/scaffold/templates/template-context.ts";
import { readTemplateFiles } from "../../../src/scaffold/templates/template-files.ts";
import { readVersions } from "../../../src/scaffold/templates/versions.ts";
import { casesDirectory, compile, modelsOf } from "../../plugin/support.ts";

const helpers = templateHelpers(readVersions(packageManifest()));

/** What the published package renders: the template as the build precompiles it. */
function precompiled(text: string): Template {
  return handlebars.template(new Function(`return ${precompileTemplate(text)}`)());
}

/** A value that fails for a property it lacks: Handlebars lets conditions and lists be missing. */
function strict<T extends object>(value: T, path = "context"): T {
  return new Proxy(value, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof name === "symbol" || Array.isArray(target)) return wrap(found, `${path}[]`);
      if (!Object.hasOwn(target, name)) throw new Error(`${path}.${name} does not exist`);
      return wrap(found, `${path}.${name}`);
    },
  });
}

function wrap(value: unknown, path: string): unknown {
  return typeof value === "object" && value !== null ? strict(value, path) : value;
}

const templates = [...readTemplateFiles(packageRoot(), ".")].filter(([path]) =>
  path.endsWith(".hbs"),
);
const additionNames = readCatalog(packageRoot()).additions.map(({ name }) => name);
const services = modelsOf(compile(join(casesDirectory, "several-packages")));

describe.each(packageManagerNames)("for %s", (packageManager) => {
  test.each([
    ["a starter", "user", additionNames, services],
    ["protos", "", [], services],
    ["nothing", "", [], []],
  ])(
    "every template renders from %s, reads only what exists, and is the same precompiled",
    (_, starter, additions, models) => {
      const packages = { self: "0.1.0", library: "0.1.0", vendor: new Map() };
      const answers = { name: "demo", packageManager, packages, starter, additions };
      const facts = { services: models, rules: false, descriptorSet: starter === "" };
      const production = { value: "on", about: "What it means." };
      const setting = { section: "Users", name: "STORE", about: "", fallback: "", production };
      const volume = { name: "data", path: "/data", variable: "FOLDER", about: "What is in it." };
      const wiring = { variables: [setting], volumes: [volume] };
      const testVariables = new Set(starter === "" ? [] : ["TEST_DATABASE_URL"]);
      const layers = { wiring, testVariables };
      const context = templateContext(answers, facts, additionNames, layers);
      expect(templates.length).toBeGreaterThan(5);
      for (const [path, text] of templates) {
        const rendered = compileTemplate(text)(strict(context), { helpers });
        expect(precompiled(text)(context, { helpers }), path).toBe(rendered);
      }
    },
  );
});

describe.each([
  ["compiled on the fly", compileTemplate],
  ["precompiled", precompiled],
])("%s", (_, template) => {
  const render = (text: string, context: object) => template(text)(context, { helpers });

  test("nothing is escaped", () => {
    expect(render("<{{a}}> & '{{a}}'", { a: `<b> & "c" = 'd'` })).toBe(
      `<<b> & "c" = 'd'> & '<b> & "c" = 'd''`,
    );
  });

  test("braces in a value stay text", () => {
    expect(render("{{a}} {{json a}}", { a: "{{b}}", b: "B" })).toBe('{{b}} "{{b}}"');
  });

  test("lists, conditions and helpers, each on lines of their own", () => {
    const text = `{{#each list}}
- {{x}}{{#unless @last}},{{/unless}} {{../a}}
{{#if (eq x 1)}}
  one
{{else}}
  {{json ../list}}
{{/if}}
{{/each}}
end`;
    const expected = '- 1, A\n  one\n- 2 A\n  [{"x":1},{"x":2}]\nend';
    expect(render(text, { a: "A", list: [{ x: 1 }, { x: 2 }] })).toBe(expected);
  });

  test.each([
    [{ a: false, list: [] }, "none"],
    [{ a: true, list: [] }, "some"],
    [{ a: false, list: [1] }, "some"],
  ])("`or` takes %j as `if` takes each", (context, expected) => {
    expect(render("{{#if (or a list)}}some{{else}}none{{/if}}", context)).toBe(expected);
  });

  test.each([
    ["a value", "{{b}}", '"b" not defined'],
    ["a property", "{{a.b}}", '"b" not defined'],
    ["a property in a list", "{{#each list}}{{b}}{{/each}}", '"b" not defined'],
    ["an argument", "{{json b}}", "an argument of a helper is not defined"],
    ["an argument in a condition", "{{#if (eq b 1)}}{{/if}}", "an argument of a helper"],
    ["what a condition is about", "{{#if b.c}}{{/if}}", "reading 'c'"],
    ["a helper", '{{nope "x"}}', "unknown helper nope"],
    ["a package version", '{{version "left-pad"}}', "left-pad"],
  ])("%s that does not exist is an error", (_, text, message) => {
    expect(() => render(text, { a: {}, list: [{}] })).toThrow(message);
  });
});
