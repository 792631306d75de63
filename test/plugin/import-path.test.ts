import { createEcmaScriptPlugin, type Schema } from "@bufbuild/protoplugin";
import { expect, test } from "vitest";
import { importPaths } from "../../src/plugin/emit/import-path.ts";
import { filesOf, requestFor } from "./support.ts";

const modules = [
  "@bufbuild/protobuf",
  "@bufbuild/protobuf/wkt",
  "grpc-service",
  "./a_pb.js",
  "./a/b_pb.js",
  "./a/b/c_pb.js",
  "./a/b/c/index.js",
  "./a.b/c_pb.js",
  "./runtime/index.js",
  "./runtime/client/index.js",
  "../runtime/index.js",
  "../../up/runtime/index.js",
  "./odd//path_pb.js",
  "./it's (a) [b] {c}+d_pb.js",
  "./no-extension",
  "./other.ts",
];

const importers = [
  "a_grpc.ts",
  "a/b_grpc.ts",
  "a/b/c_grpc.ts",
  "a.b/c_grpc.ts",
  "z/z/z/z_grpc.d.ts",
  "./a/b_grpc.js",
];

const parameters = [
  "target=ts",
  "target=ts,import_extension=none",
  "target=ts,import_extension=js",
  "target=ts,import_extension=ts",
  "target=ts,import_extension=ts,rewrite_imports=./runtime/**/*.js:@acme/runtime",
  "target=ts,import_extension=ts,rewrite_imports=./a/**:../gen/",
  "target=ts,import_extension=js,rewrite_imports=./a/*.js:./moved,rewrite_imports=./**/*.js:@acme/gen",
  "target=ts,rewrite_imports=@bufbuild/protobuf:../vendor/protobuf.js",
  "target=ts,import_extension=ts,rewrite_imports=@bufbuild/*:./vendor.js",
  "target=ts,rewrite_imports=./a.b/c_pb.js:./x,rewrite_imports=./***/index.js:./stars",
  "target=ts,rewrite_imports=./it's (a) [b] {c}+d_pb.js:./odd",
];

test.each(parameters)("%s: paths are protoplugin's", (parameter) => {
  const ours = new Map<string, string[]>();
  const plugin = createEcmaScriptPlugin({
    name: "paths",
    version: "v0",
    generateTs({ generateFile, options }: Schema) {
      for (const importer of importers) {
        const file = generateFile(importer);
        const pathOf = importPaths(importer, options);
        ours.set(importer, modules.map(pathOf));
        for (const [index, from] of modules.entries()) {
          file.print(file.import(`name${index}`, from));
        }
      }
    },
  });
  const theirs = filesOf(plugin.run(requestFor([], parameter)));
  expect([...theirs.keys()]).toEqual(importers);
  for (const [importer, content] of theirs) {
    const statement = /^import \{ (.*) \} from "(.*)";$/gm;
    const paths = new Map(
      [...content.matchAll(statement)].flatMap(([, names = "", path = ""]) =>
        names.split(", ").map((name) => [name, path] as const),
      ),
    );
    expect(ours.get(importer), importer).toEqual(modules.map((_, i) => paths.get(`name${i}`)));
  }
});
