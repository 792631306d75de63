import { expect, test } from "vitest";
import { InputError } from "../../src/plugin/input-error.ts";
import { checkParameter, codecOf, parseOptions } from "../../src/plugin/parameters.ts";

test.each([
  "",
  "target=ts",
  "target=js+dts,import_extension=none",
  "import_extension=.js",
  "js_import_style=module,ts_nocheck=true,keep_empty_files=0,elide_plugin_version=1",
  "rewrite_imports=./foo/**/*_pb.js:@scope/pkg",
  "runtime=@acme/grpc-runtime",
  "runtime=../shared/runtime",
  "runtime=..",
  "runtime=highlight.js",
])("accepts %j", (parameter) => {
  expect(() => checkParameter(parameter)).not.toThrow();
});

test.each([
  ["nope", 'unknown option "nope": known are target, import_extension,'],
  ["__proto__=1", 'unknown option "__proto__=1"'],
  ["target=ts,", 'unknown option ""'],
  ["target=cpp", 'invalid option "target=cpp": target takes ts, js or dts, several joined by +'],
  ["target", 'invalid option "target"'],
  ["import_extension=mjs", "import_extension takes none, js or ts"],
  ["ts_nocheck=yes", "ts_nocheck takes true or false"],
  ["js_import_style=legacy_commonjs", "not supported: generated code is ESM"],
  ["runtime=", "runtime takes a package, or a folder by its path from the output root"],
  ["runtime=./runtime/index.js", "runtime takes a package, or a folder"],
  ["runtime=./runtime/", "runtime takes"],
  ["runtime=/etc/passwd", "runtime takes"],
  ['runtime=./a"; evil(', "runtime takes"],
  ["runtime=./a\nb", "runtime takes"],
  ['rewrite_imports=a:b"', "rewrite_imports takes"],
  ["bootstrap_wkt=true", "unknown option"],
  // What separates options cannot be part of a value.
  ["target=ts=js", "target takes ts, js or dts"],
  ["runtime=./a=b", "runtime takes"],
  ["runtime=./a,b.js", 'unknown option "b.js"'],
  ["rewrite_imports=./a:b=c", "rewrite_imports takes"],
  ["rewrite_imports=./a:b,c", 'unknown option "c"'],
  ["target=ts\n", "target takes"],
  ["target=ts\nruntime=x", "target takes"],
  // What hides in a string of the generated code.
  ["rewrite_imports=./a:b\nc", "rewrite_imports takes"],
  ["rewrite_imports=./a:b\u2028c", "rewrite_imports takes"],
  ["rewrite_imports=./a:b\u202ec", "rewrite_imports takes"],
  ["rewrite_imports=./a:b\ud800", "rewrite_imports takes"],
])("refuses %j", (parameter, message) => {
  expect(() => checkParameter(parameter)).toThrow(InputError);
  expect(() => checkParameter(parameter)).toThrow(message);
});

test("the last of an option wins", () => {
  const raw = [
    { key: "runtime", value: "a" },
    { key: "runtime", value: "b" },
  ];
  expect(parseOptions(raw)).toEqual({ runtime: "b", codec: "compiled" });
  expect(parseOptions([])).toEqual({ runtime: "grpc-service", codec: "compiled" });
  expect(codecOf("target=ts,codec=compiled,codec=reflect")).toBe("reflect");
  expect(codecOf("")).toBe("compiled");
});
