import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

/** A service behind these lines, which have types of what they import. */
function importing(...lines: readonly string[]): string {
  const head = ['syntax = "proto3";', "package shop;", ...lines];
  return [
    ...head,
    "message M { b.X x = 1; }",
    "service UserService { rpc Get(M) returns (M); }",
  ].join("\n");
}

async function refusal(...args: readonly string[]): Promise<string> {
  const { code, notes, output } = await run([...args, ...quick], { cwd });
  expect({ code, output }).toEqual({ code: 2, output: "" });
  return notes;
}

test("one is reported at its place, without the errors that follow from it", async () => {
  await writeFiles(cwd, { "a.proto": importing('import "b/b.proto";') });
  expect(await refusal("demo", "--proto", "a.proto")).toBe(
    "create-grpc-service: a.proto:3:1: cannot find b/b.proto; add its folder with -I <dir>\n",
  );
});

test("all are named at once, each at its first place", async () => {
  const common = 'import "c/c.proto";';
  await writeFiles(cwd, {
    "p/a.proto": importing('/* "한국어😀" */ import "b/b.proto"; import public', "  'd.proto';"),
    "p/b.proto": `syntax = "proto3";\n${common}`,
    "p/c.proto": `syntax = "proto3";\n\t${common}\n\t\timport "e.proto";`,
  });
  expect(await refusal("demo", "--proto", "p")).toBe(
    `create-grpc-service: p/a.proto:3:23: cannot find b/b.proto and 3 other imports; add their folder with -I <dir>
  p/a.proto:3:43: d.proto
  p/b.proto:2:1: c/c.proto
  p/c.proto:3:3: e.proto
`,
  );
});

test("many are counted", async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `import "b${index}.proto";`);
  await writeFiles(cwd, { "a.proto": importing(...lines) });
  const notes = await refusal("demo", "--proto", "a.proto");
  expect(notes.split("\n")).toHaveLength(23);
  expect(notes).toContain("cannot find b0.proto and 29 other imports;");
  expect(notes).toMatch(/\n {2}a\.proto:23:1: b20\.proto\n {2}and 9 more\n$/);
});

test("says where to get widely used ones", async () => {
  const files = [
    "google/type/money.proto",
    "google/api/annotations.proto",
    "buf/validate/validate.proto",
  ];
  await writeFiles(cwd, { "a.proto": importing(...files.map((file) => `import "${file}";`)) });
  const notes = await refusal("demo", "--proto", "a.proto");
  expect(notes.split("\n").slice(3)).toEqual([
    "  for google/*, run: npm install --prefix third_party google-proto-files; then add -I third_party/node_modules/google-proto-files",
    "  for buf/validate/*, run: git clone --depth 1 https://github.com/bufbuild/protovalidate third_party/protovalidate; then add -I third_party/protovalidate/proto/protovalidate",
    "",
  ]);
});

test("hints about Go repositories, those of Kubernetes among them", async () => {
  const files = [
    "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/generated.proto",
    "github.com/acme/shop/v2/money/money.proto",
  ];
  await writeFiles(cwd, { "a.proto": importing(...files.map((file) => `import "${file}";`)) });
  const notes = await refusal("demo", "--proto", "a.proto");
  expect(notes.split("\n").slice(2)).toEqual([
    "  for k8s.io/apiextensions-apiserver/*, run: git clone --depth 1 https://github.com/kubernetes/apiextensions-apiserver third_party/k8s.io/apiextensions-apiserver; then add -I third_party",
    "  for github.com/acme/shop/v2/*, run: git clone --depth 1 https://github.com/acme/shop third_party/github.com/acme/shop/v2; then add -I third_party",
    "",
  ]);
});

test.each(["a b/protos", "a b"])("a module with deps is exported, given by %j", async (input) => {
  await writeFiles(join(cwd, "a b"), {
    "buf.yaml":
      "version: v2\nmodules:\n  - path: protos\ndeps:\n  - buf.build/googleapis/googleapis\n",
    "protos/a.proto": importing('import "acme/money.proto";'),
  });
  expect((await refusal("demo", "--proto", input)).split("\n").slice(1)).toEqual([
    "  for all deps of a b/buf.yaml, run: buf export 'a b' --output third_party; then add -I third_party",
    "",
  ]);
});

test("a name in an import does not control the terminal", async () => {
  await writeFiles(cwd, { "a.proto": importing('import "\u001b[31mb\u202e.proto";') });
  expect(await refusal("demo", "--proto", "a.proto")).toMatch(/^[^\p{Cc}\p{Bidi_Control}]+\n$/u);
});

test("an update reports the same, and finds them with -I", async () => {
  await writeFiles(cwd, {
    "a.proto": proto("shop"),
    "theirs/b/b.proto": 'syntax = "proto3"; package b; message X {}',
  });
  await run(["demo", "--proto", "a.proto", ...quick], { cwd });
  await writeFiles(cwd, { "demo/proto/a.proto": importing('import "b/b.proto";') });
  expect(await run(["demo"], { cwd })).toEqual({
    code: 2,
    output: "",
    notes:
      "create-grpc-service: demo/proto/a.proto:3:1: cannot find b/b.proto; add its folder with -I <dir>\n",
  });
  expect(await run(["demo", "-I", "theirs"], { cwd })).toMatchObject({ code: 0, notes: "" });
  const files = await readFiles(join(cwd, "demo"));
  expect(files.get("proto/b/b.proto")).toContain("message X");
  expect([...files.keys()]).toContain("src/gen/b/b_pb.ts");
  expect(await run(["demo"], { cwd })).toMatchObject({ code: 0 });
});
