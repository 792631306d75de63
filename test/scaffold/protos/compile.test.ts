import { execFile } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import { compileInputs } from "../../../src/scaffold/protos/compile.ts";
import { readProtoHeader } from "../../../src/scaffold/protos/sources/proto-header.ts";
import { UsageError } from "../../../src/terminal/errors.ts";
import { proto, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

function compile(paths: readonly string[], importPaths: readonly string[] = []) {
  const { signal } = new AbortController();
  return compileInputs({ proto: paths, importPaths, cwd, signal });
}

/** The files that a project would get under proto/. */
async function collected(paths: readonly string[], importPaths: readonly string[] = []) {
  return [...(await compile(paths, importPaths)).protoFiles.keys()].sort();
}

const importing = (path: string) => `syntax = "proto3";
package a.v1;
import "${path}";
import "google/protobuf/empty.proto";
service S { rpc Get(google.protobuf.Empty) returns (google.protobuf.Empty); }
`;

test("compiles twice for code only, and without comments for types", async () => {
  const text =
    'edition = "2023"; // Comment.\nmessage A { extensions 1 to 2 [verification = UNVERIFIED]; }';
  await writeFiles(cwd, { "a.proto": text });
  const { signal } = new AbortController();
  const of = async (needs: "code" | "comments" | "types") => {
    const compiled = await compileInputs({
      proto: ["a.proto"],
      importPaths: [],
      cwd,
      signal,
      needs,
    });
    const hasComments = compiled.sourceFiles.some(({ sourceCodeInfo }) => sourceCodeInfo);
    return { isOne: compiled.files === compiled.sourceFiles, hasComments };
  };
  expect(await of("code")).toEqual({ isOne: false, hasComments: true });
  expect(await of("comments")).toEqual({ isOne: true, hasComments: true });
  expect(await of("types")).toEqual({ isOne: true, hasComments: false });
});

describe("takes", () => {
  test("a file, with what it imports and no more", async () => {
    await writeFiles(cwd, {
      "protos/a/v1/a.proto": importing("b/b.proto"),
      "protos/b/b.proto": 'syntax = "proto3"; package b; import public "b/c.proto";',
      "protos/b/c.proto": 'syntax = "proto3"; package b;',
      "protos/b/unused.proto": "this is no proto",
    });
    const files = ["a/v1/a.proto", "b/b.proto", "b/c.proto"];
    expect(await collected(["protos/a/v1/a.proto"])).toEqual(files);
  });

  test("a file whose folder does not match its package", async () => {
    await writeFiles(cwd, { "deep/down/user.proto": proto("user") });
    expect(await collected(["deep/down/user.proto"])).toEqual(["user.proto"]);
  });

  test("a file that imports from a folder above it", async () => {
    await writeFiles(cwd, {
      "protos/x/a.proto": importing("common/b.proto"),
      "protos/common/b.proto": 'syntax = "proto3";',
    });
    expect(await collected(["protos/x/a.proto"])).toEqual(["common/b.proto", "x/a.proto"]);
  });

  test("imports from -I, and files below it by their path there", async () => {
    await writeFiles(cwd, {
      "mine/a.proto": importing("b.proto"),
      "theirs/b.proto": 'syntax = "proto3";',
    });
    expect(await collected(["mine/a.proto"], ["theirs"])).toEqual(["a.proto", "b.proto"]);
    expect(await collected(["mine/a.proto"], ["theirs", "."])).toEqual(["b.proto", "mine/a.proto"]);
  });

  test("a folder, without hidden folders and the compiler's own files", async () => {
    await writeFiles(cwd, {
      "p/a.proto": proto("a"),
      "p/b/b.proto": proto("b"),
      "p/.git/c.proto": "no proto",
      "p/node_modules/d.proto": "no proto",
      "p/google/protobuf/empty.proto": 'syntax = "proto3"; package google.protobuf;',
      "p/readme.md": "",
    });
    expect(await collected(["p"])).toEqual(["a.proto", "b/b.proto"]);
  });

  test("several inputs; the same file twice is one", async () => {
    await writeFiles(cwd, { "a.proto": proto("a"), "b.proto": proto("b") });
    expect(await collected(["a.proto", "b.proto", "./a.proto"])).toEqual(["a.proto", "b.proto"]);
  });

  test("a file outside of the current folder, by its base name", async () => {
    const elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere, "x.proto"), proto("x"));
    expect(await collected([join(elsewhere, "x.proto")])).toEqual(["x.proto"]);
  });

  test.each(["set.binpb", "set.bin", "set.pb", "set.json"])(
    "a descriptor set, %s",
    async (name) => {
      await writeFile(join(cwd, "a.proto"), proto("a"));
      const { files, protoFiles } = await compile(["a.proto"]);
      const [file] = files;
      if (file === undefined) throw new Error("not compiled");
      const { toBinary, toJsonString, create } = await import("@bufbuild/protobuf");
      const { FileDescriptorSetSchema } = await import("@bufbuild/protobuf/wkt");
      const set = create(FileDescriptorSetSchema, { file: [file] });
      const content = name.endsWith(".json")
        ? toJsonString(FileDescriptorSetSchema, set)
        : toBinary(FileDescriptorSetSchema, set);
      await writeFile(join(cwd, name), content);
      const compiled = await compile([name]);
      expect([...compiled.protoFiles.keys()]).toEqual(["descriptors.binpb"]);
      expect(compiled.files.map((file) => file.name)).toEqual([...protoFiles.keys()]);
    },
  );
});

describe("refuses", () => {
  async function refusal(paths: readonly string[], importPaths: readonly string[] = []) {
    const start = performance.now();
    const error = await compile(paths, importPaths).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(error instanceof UsageError)) throw new Error(`not refused: ${error}`);
    expect(performance.now() - start).toBeLessThan(20_000);
    return error.message;
  }

  test("a syntax error, at its place in the user's file", async () => {
    await writeFiles(cwd, { "p/a.proto": 'syntax = "proto3";\nmessage M { string name 1; }\n' });
    expect(await refusal(["p/a.proto"])).toMatch(/^p\/a\.proto:2:\d+: /);
    expect(await refusal(["p"])).toMatch(/^p\/a\.proto:2:\d+: /);
  });

  test("more than one error, by the first and a count", async () => {
    await writeFiles(cwd, { "a.proto": 'syntax = "proto3";\nmessage N { X x = 1; Y y = 2; }' });
    expect(await refusal(["a.proto"])).toMatch(/^a\.proto:2:13: .*`X`.* \(and 1 more\)$/);
  });

  test("a missing path, and paths that are not files", async () => {
    expect(await refusal(["gone.proto"])).toBe("--proto gone.proto: no such file or folder");
    expect(await refusal(["/dev/zero"])).toBe("--proto /dev/zero is not a regular file");
    expect(await refusal(["x\0y.proto"])).toContain("cannot be read");
    await promisify(execFile)("mkfifo", [join(cwd, "pipe.proto")]);
    expect(await refusal(["pipe.proto"])).toBe("--proto pipe.proto is not a regular file");
  });

  test("a folder without protos", async () => {
    await writeFiles(cwd, { "docs/readme.md": "" });
    expect(await refusal(["docs"])).toBe("--proto docs has no .proto file in it");
  });

  test("a URL", async () => {
    const message = await refusal(["https://example.com/a.proto"]);
    expect(message).toContain("is a URL; download the file");
  });

  test("a file that is too large", async () => {
    await writeFile(join(cwd, "big.proto"), "");
    await truncate(join(cwd, "big.proto"), 2 ** 30);
    expect(await refusal(["big.proto"])).toBe("--proto big.proto is larger than 16 MiB");
    expect(await refusal(["."])).toBe("big.proto is larger than 16 MiB");
  });

  test("another kind of file", async () => {
    await writeFile(join(cwd, "a.txt"), "");
    expect(await refusal(["a.txt"])).toContain("is not a .proto file, a folder");
  });

  test("a broken descriptor set, and one among others", async () => {
    await writeFiles(cwd, { "a.binpb": "junk", "b.json": "junk", "c.proto": proto("c") });
    expect(await refusal(["a.binpb"])).toContain("a.binpb is not a descriptor set");
    expect(await refusal(["b.json"])).toContain("b.json is not a descriptor set");
    expect(await refusal(["c.proto", "a.binpb"])).toContain("must be the only --proto");
  });

  test("two files for one path", async () => {
    await writeFiles(cwd, { "x/a.proto": proto("a"), "y/a.proto": proto("b") });
    expect(await refusal(["x", "y"])).toBe(
      "x/a.proto and y/a.proto would both be proto/a.proto; give --proto only one of them or its folder",
    );
  });

  test("an import path that is not a folder", async () => {
    await writeFile(join(cwd, "a.proto"), proto("a"));
    expect(await refusal(["a.proto"], ["a.proto"])).toBe("-I a.proto is not a folder");
    expect(await refusal(["a.proto"], ["gone"])).toBe("-I gone: no such file or folder");
  });
});

test("the header of a proto is read past comments, strings and bodies", () => {
  const text = `// import "no1.proto";
/* package no; */ syntax = 'proto3';
package a . b;
import "x.proto"; import public 'y.proto';import weak "z.proto";
option go_package = "import \\"no2.proto\\";";
message M { string import = 1; /* } */ }
import "last.proto";
message Broken {`;
  expect(readProtoHeader(text)).toEqual({
    package: "a.b",
    imports: ["x.proto", "y.proto", "z.proto", "last.proto"],
  });
});
