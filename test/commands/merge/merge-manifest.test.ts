import { expect, test } from "vitest";
import { mergeManifest } from "../../../src/commands/merge/merge-manifest.ts";
import { base, merge, rules } from "./manifests.ts";

test("a section of another kind is refused: nothing could be added to it", () => {
  const theirs = { ...base, dependencies: { ...base.dependencies, "@redis/client": "^6.0.0" } };
  expect(() => merge({ ...base, dependencies: [] }, base, theirs)).toThrow(
    "package.json: dependencies must be an object",
  );
});

test("what we wrote becomes the new version's, and what the user wrote stays", () => {
  const ours = {
    license: "MIT",
    ...base,
    scripts: { ...base.scripts, test: "vitest run --coverage", seed: "tsx seed.ts" },
    dependencies: { ...base.dependencies, "@grpc/grpc-js": "1.13.0", zod: "^4.0.0" },
  };
  const theirs = {
    ...base,
    scripts: { dev: "tsx watch", check: "tsc", test: "vitest" },
    dependencies: {
      ...base.dependencies,
      "@grpc/grpc-js": "^1.15.0",
      pino: "^11.0.0",
      pg: "^8.0.0",
    },
  };
  const { json, notes } = merge(ours, base, theirs);
  expect(Object.entries(json.scripts)).toEqual([
    ["dev", "tsx watch"],
    ["check", "tsc"],
    ["test", "vitest run --coverage"],
    ["seed", "tsx seed.ts"],
  ]);
  expect(Object.entries(json.dependencies)).toEqual([
    ["@grpc/grpc-js", "1.13.0"],
    ["grpc-service", "^0.1.0"],
    ["jose", "^6.0.0"],
    ["pg", "^8.0.0"],
    ["pino", "^11.0.0"],
    ["zod", "^4.0.0"],
  ]);
  expect(json.license).toBe("MIT");
  expect(notes).toEqual([
    "package.json keeps your scripts.test; this version has vitest",
    "package.json keeps your dependencies.@grpc/grpc-js; this version has ^1.15.0",
  ]);
});

test("a package that is not needed any more goes, unless the user's code imports it", () => {
  const { jose: _, ...dependencies } = base.dependencies;
  const theirs = { ...base, dependencies };
  expect(merge(base, base, theirs).json.dependencies).toEqual(dependencies);
  const used = merge(base, base, theirs, (name) => name === "jose");
  expect(used.json.dependencies).toEqual(base.dependencies);
  expect(used.notes).toEqual([
    "package.json keeps jose, which your code imports; this version does not need it",
  ]);
});

test.each([
  ["^0.1.0", "^0.2.0"],
  ["0.1.5", "^0.2.0"],
  ["file:vendor/grpc-service-0.1.0.tgz", "^0.2.0"],
  ["workspace:*", "workspace:*"],
  ["file:../grpc-service", "file:../grpc-service"],
  ["github:me/grpc-service", "github:me/grpc-service"],
])("our own package at %s becomes %s", (present, expected) => {
  const at = (version: string) => ({
    ...base,
    dependencies: { ...base.dependencies, "grpc-service": version },
  });
  const { json } = merge(at(present), base, at("^0.2.0"));
  expect(json.dependencies["grpc-service"]).toBe(expected);
});

test("what the user removed stays removed", () => {
  const { jose: _, ...dependencies } = base.dependencies;
  const theirs = { ...base, dependencies: { ...base.dependencies, jose: "^7.0.0" } };
  expect(merge({ ...base, dependencies }, base, theirs).json.dependencies).toEqual(dependencies);
});

test("indent, line ending and the end of the file stay", () => {
  const ours = JSON.stringify(base, undefined, "\t").replaceAll("\n", "\r\n");
  const theirs = JSON.stringify({ ...base, name: "newer" });
  const { text } = mergeManifest({ ours, base: JSON.stringify(base), theirs }, rules);
  expect(text).toBe(ours.replace('"orders"', '"newer"'));
});

test("a package.json that is not JSON is named", () => {
  const text = JSON.stringify(base);
  expect(() => mergeManifest({ ours: "{", base: text, theirs: text }, rules)).toThrow(
    "package.json:1:2 is not valid JSON: close brace expected",
  );
});

test("keys such as __proto__ are the user's like any other", () => {
  const ours = `{"scripts":{"__proto__":"x","constructor":"y"}}`;
  const { text } = mergeManifest(
    { ours, base: '{"scripts":{}}', theirs: '{"scripts":{"a":"b"}}' },
    rules,
  );
  expect(Object.entries(JSON.parse(text).scripts)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
    ["a", "b"],
  ]);
});

/** A text of the user, and what of it is in the base. */
const manifests: Readonly<Record<string, string>> = {
  "tabs and CRLF":
    '{\r\n\t"name": "orders",\r\n\t"dependencies": {\r\n\t\t"a": "1"\r\n\t}\r\n}\r\n',
  "4 spaces, no final newline":
    '{\n    "name": "orders",\n    "dependencies": {\n        "a": "1"\n    }\n}',
  "a byte order mark": '\uFEFF{\n  "name": "orders",\n  "dependencies": {\n    "a": "1"\n  }\n}\n',
  "one line": '{"name":"orders","dependencies":{"a":"1"}}',
  "one line with spaces": '{ "name": "orders", "dependencies": { "a": "1" } }\n',
};

test.each(Object.entries(manifests))("%s: only the changed keys change", (_, ours) => {
  const base = JSON.stringify({ name: "orders", dependencies: { a: "1" } });
  const theirs = JSON.stringify({ name: "orders", dependencies: { a: "2" } });
  const { text } = mergeManifest({ ours, base, theirs }, rules);
  expect(text).toBe(ours.replace('"1"', '"2"'));
});

test.each([
  ["tabs and CRLF", '"a": "1",\r\n\t\t"b": "2"'],
  ["4 spaces, no final newline", '"a": "1",\n        "b": "2"'],
  ["a byte order mark", '"a": "1",\n    "b": "2"'],
  ["one line", '"a":"1","b":"2"'],
  ["one line with spaces", '"a": "1", "b": "2"'],
])("%s: a new key is written like its neighbours", (name, expected) => {
  const ours = manifests[name] ?? "";
  const base = JSON.stringify({ name: "orders", dependencies: { a: "1" } });
  const theirs = JSON.stringify({ name: "orders", dependencies: { a: "1", b: "2" } });
  const { text } = mergeManifest({ ours, base, theirs }, rules);
  expect(text).toBe(ours.replace(/"a": ?"1"/, expected));
  const back = mergeManifest({ ours: text, base: theirs, theirs: base }, rules);
  expect(back.text).toBe(ours);
});

test("numbers, the order of numeric keys and equal keys stay as they are written", () => {
  const ours = `{
  "version": 1.0, "config": { "10": 1e3, "2": 12345678901234567890, "1":-0 },
  "a":   "first",
  "a": "old",
  "escaped": "\\u0041\\/"
}`;
  const base = JSON.stringify({ a: "old" });
  const { text } = mergeManifest({ ours, base, theirs: JSON.stringify({ a: "new" }) }, rules);
  expect(text).toBe(ours.replace('"old"', '"new"'));
  const gone = mergeManifest({ ours, base, theirs: "{}" }, rules);
  expect(JSON.parse(gone.text)).not.toHaveProperty("a");
  expect(gone.text).toContain('{ "10": 1e3, "2": 12345678901234567890, "1":-0 }');
});

test("an object gets its first key, and loses its last one", () => {
  const ours = '{\n\t"scripts": {},\n\t"files": ["a"]\n}\n';
  const base = '{"scripts":{},"files":["a"]}';
  const theirs = '{"scripts":{"a":"b"},"files":["a","b"]}';
  const { text } = mergeManifest({ ours, base, theirs }, rules);
  expect(text).toBe('{\n\t"scripts": {\n\t\t"a": "b"\n\t},\n\t"files": ["a", "b"]\n}\n');
  const back = mergeManifest({ ours: text, base: theirs, theirs: '{"scripts":{}}' }, rules);
  expect(back.text).toBe('{\n\t"scripts": {}\n}\n');
});
