import { join } from "node:path";
import handlebars from "handlebars";
import { describe, expect, test } from "vitest";
import { readTree } from "../../src/files.ts";
import { packageRoot } from "../../src/package-root.ts";
import { additionNames } from "../../src/scaffold/templates/additions.ts";
import { packageManagerNames } from "../../src/scaffold/templates/package-managers.ts";
import { templateContext } from "../../src/scaffold/templates/template-context.ts";
import { type Helpers, render } from "../../src/scaffold/templates/template-engine.ts";
import { parseTemplate } from "../../src/scaffold/templates/template-parser.ts";
import { casesDirectory, compile, modelsOf } from "../plugin/support.ts";

const helpers: Helpers = {
  version: (name) => `^${name}`,
  "exact-version": (name) => name,
  json: (value) => JSON.stringify(value),
  eq: (a, b) => a === b,
};

/** What Handlebars itself makes of a template, as strict as it can be. */
function reference(text: string, context: object): string {
  const options = { noEscape: true, strict: true, knownHelpersOnly: true, preventIndent: true };
  const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
  return handlebars.compile(text, { ...options, knownHelpers })(context, {
    helpers: { ...helpers },
  });
}

const ours = (text: string, context: object) => render(parseTemplate(text), context, helpers);

const templates = [...readTree(join(packageRoot(), "templates"))].filter(([path]) =>
  path.endsWith(".hbs"),
);
const services = modelsOf(compile(join(casesDirectory, "several-packages")));

describe.each(packageManagerNames)("for %s", (packageManager) => {
  test.each([
    ["a starter", "user", additionNames, services],
    ["protos", "", [], services],
    ["nothing", "", [], []],
  ])("every template is rendered from %s as Handlebars does", (_, starter, additions, models) => {
    const packages = { self: "0.1.0", library: "0.1.0", vendor: new Map() };
    const answers = { name: "demo", packageManager, packages, starter, additions };
    const context = templateContext(answers, models, false);
    expect(templates.length).toBeGreaterThan(5);
    for (const [path, text] of templates) {
      expect(ours(text, context), path).toBe(reference(text, context));
    }
  });
});

const context = { a: "A", no: "", zero: 0, empty: [], list: [{ x: 1, in: [{ y: 2 }, { y: 3 }] }] };

test.each([
  "<{{a}}> & '{{a}}' \\{{a}}",
  "{{#if a}}\n  yes\n{{else}}\n  no\n{{/if}}\nend",
  "{{#if no}}1{{else if zero}}2{{else if empty}}3{{else}}4{{/if}}",
  "{{#if missing}}1{{/if}}{{#unless missing}}2{{/unless}}",
  "{{#each list}}\n- {{x}} {{../a}}\n{{#each in}}\n  {{y}}{{#unless @last}},{{/unless}} {{../x}} {{../../a}}\n{{/each}}\n{{/each}}",
  "{{#each list}}{{#if @first}}{{../a}}{{x}}{{/if}}{{/each}}",
  '{{#if (eq a "A")}}{{json list}}{{/if}} {{version "x"}}',
  "{{! a comment }}\n{{~a~}}\n  x",
])("%j is rendered as Handlebars does", (text) => {
  expect(ours(text, context)).toBe(reference(text, context));
});

test.each([
  ["a value", "{{b}}", "b is not defined"],
  ["a property", "{{a.b}}", "a.b is not defined"],
  ["what every object has", "{{constructor}}", "constructor is not defined"],
  ["an argument", "{{json b}}", "b is not defined"],
  ["what a condition is about", "{{#if b.c}}{{/if}}", "b.c is not defined"],
  ["a list", "{{#each b}}{{/each}}", "b is not defined"],
  ["a helper", '{{nope "x"}}', "there is no helper nope"],
])("%s that is not there is a failure", (_, text, message) => {
  expect(() => ours(text, { a: "A" })).toThrow(message);
});

test.each([
  "{{{a}}}",
  "{{> a}}",
  "{{#a}}{{/a}}",
  "{{#with a}}{{/with}}",
  "{{#each a}}{{else}}x{{/each}}",
  "{{json a=1}}",
  "{{json 1}}",
  "{{#each a}}{{@../first}}{{/each}}",
])("\n%s is more than templates may use", (text) => {
  expect(() => parseTemplate(`\n${text}`)).toThrow("line 2 of a template");
});
