import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

const dry = [...quick, "--dry-run"];

test("--yes makes the user starter in user-service", async () => {
  const { code, output } = await run(quick, { cwd });
  expect(code).toBe(0);
  expect(output).toMatch(/^Wrote \d+ files into user-service\.\n/);
  expect(output).toContain("  cd user-service\n  npm install\n  npm run dev");
  expect(output).not.toContain("write the handlers");
  const files = await readFiles(join(cwd, "user-service"));
  expect([...files.keys()]).toEqual(
    expect.arrayContaining([
      ".gitignore",
      "package.json",
      "proto/user.proto",
      "src/gen/user_client.ts",
      "src/gen/user_grpc.ts",
      "src/gen/user_pb.ts",
      "src/services/index.ts",
      "src/services/user/get-user.ts",
      "src/services/user/index.ts",
      "test/services/user/get-user.test.ts",
    ]),
  );
  expect([...files.keys()].filter((path) => /\.hbs$|(^|\/)_/.test(path))).toEqual([]);
  expect(await readdir(cwd)).toEqual(["user-service"]);
});

test("a proto with 3 RPCs gives a project of at most 45 files", async () => {
  const rpcs = ["Get", "List", "Add"].map((name) => `rpc ${name}(M) returns (M);`).join(" ");
  await writeFiles(cwd, { "user.proto": proto("user", rpcs) });
  const { code, output } = await run(["demo", ...quick, "--proto", "user.proto"], { cwd });
  expect(code).toBe(0);
  const [, handler = ""] = /^Then write the handlers, .* such as (\S+)\. /m.exec(output) ?? [];
  expect(await readFile(join(cwd, "demo", handler), "utf8")).toContain("unimplemented(");
  expect((await readFiles(join(cwd, "demo"))).size).toBeLessThanOrEqual(45);
});

test("the manifest has the name and our pins", async () => {
  await run(["demo", ...quick, "--name", "@me/demo"], { cwd });
  const manifest = JSON.parse(await readFile(join(cwd, "demo/package.json"), "utf8"));
  const own = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(manifest.name).toBe("@me/demo");
  expect(manifest.dependencies["@grpc/grpc-js"]).toBe(`^${own.devDependencies["@grpc/grpc-js"]}`);
  expect(manifest.dependencies["grpc-service"]).toBe("^0.1.0");
  expect(manifest.devDependencies["create-grpc-service"]).toBe("^0.1.0");
});

test("a checkout is packed into vendor/, which the project depends on", async () => {
  const { output } = await run(["demo", "--yes", "--no-install", "--no-git"], { cwd });
  expect(output).not.toContain("Before you push");
  const manifest = JSON.parse(await readFile(join(cwd, "demo/package.json"), "utf8"));
  expect(manifest.dependencies["grpc-service"]).toBe("file:vendor/grpc-service-0.1.0.tgz");
  expect(await readdir(join(cwd, "demo/vendor"))).toEqual([
    "create-grpc-service-0.1.0.tgz",
    "grpc-service-0.1.0.tgz",
  ]);
});

test("a package that exists on this machine only is reported at the end", async () => {
  await writeFile(join(cwd, "own.tgz"), "");
  const { output } = await run(["demo", ...quick, "--runtime", "./own.tgz"], { cwd });
  expect(output).toMatch(
    /\n\nBefore you push, change grpc-service in package\.json: file:\/\S+own\.tgz exists on this machine only\.\n$/,
  );
});

test.each(["0.1.0", "file:../..", "https://example.com/x.tgz", "workspace:*"])(
  "a package that other machines can install is not: %s",
  async (self) => {
    const { output } = await run(["demo", ...quick, "--self", self], { cwd });
    expect(output).not.toContain("Before you push");
  },
);

test("--self wins", async () => {
  await run(["demo", ...quick, "--self", "file:../.."], { cwd });
  expect(await readFile(join(cwd, "demo/package.json"), "utf8")).toContain(
    '"create-grpc-service": "file:../.."',
  );
});

test("--name alone names the folder, too", async () => {
  await run([...quick, "--name", "@me/orders"], { cwd });
  expect(await readdir(cwd)).toEqual(["orders"]);
});

test.each([
  ["pnpm", "pnpm-workspace.yaml", "pnpm install\n"],
  ["yarn", ".yarnrc.yml", "yarn install\n"],
])("uses %s if it started this program", async (name, file, next) => {
  const env = { npm_config_user_agent: `${name}/10.0.0 npm/? node/v20.19.0 linux x64` };
  const { output } = await run(["demo", ...quick], { cwd, env });
  expect(output).toContain(next);
  expect(await readdir(join(cwd, "demo"))).toContain(file);
});

test.each(["My Orders", "Orders", "주문 2"])("--name allows the folder %j", async (folder) => {
  const { code, output } = await run([folder, "--name", "orders", ...quick], { cwd });
  expect(code).toBe(0);
  expect(output).toMatch(/^ {2}cd '?\S.*\d?'?$/m);
  const files = await readFiles(join(cwd, folder));
  expect(JSON.parse(files.get("package.json") ?? "").name).toBe("orders");
});

test("a path may lead out of the current folder", async () => {
  await mkdir(join(cwd, "inner"));
  const { code } = await run(["../orders", ...quick], { cwd: join(cwd, "inner") });
  expect(code).toBe(0);
  expect((await readdir(cwd)).sort()).toEqual(["inner", "orders"]);
});

test("a hostile user agent is npm", async () => {
  const env = { npm_config_user_agent: "$(touch /tmp/x)/../../etc" };
  const { code, output } = await run(["demo", ...quick], { cwd, env });
  expect(code).toBe(0);
  expect(output).toContain("npm install\n");
});

test("protos are copied to their import paths, and the originals are not changed", async () => {
  await writeFiles(cwd, { "in/a/v1/a.proto": proto("a.v1"), "in/b.proto": proto("b") });
  const before = await readFiles(join(cwd, "in"));
  const { code } = await run(["demo", ...quick, "--proto", "in"], { cwd });
  expect(code).toBe(0);
  expect(await readFiles(join(cwd, "demo/proto"))).toEqual(before);
  expect(await readFiles(join(cwd, "in"))).toEqual(before);
});

test("a descriptor set becomes the input of buf", async () => {
  const bytes = await descriptorSet();
  await writeFile(join(cwd, "set.binpb"), bytes);
  const { code } = await run(["demo", ...quick, "--proto", "set.binpb"], { cwd });
  expect(code).toBe(0);
  expect(await readdir(join(cwd, "demo/proto"))).toEqual(["descriptors.binpb"]);
  expect(await readFile(join(cwd, "demo/buf.gen.yaml"), "utf8")).toContain(
    "- binary_image: proto/descriptors.binpb",
  );
  const again = await run(["demo"], { cwd });
  expect(again).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^Nothing to change in demo for its protos\.\n/),
  });
});

async function descriptorSet(): Promise<Uint8Array> {
  const { create, toBinary } = await import("@bufbuild/protobuf");
  const { FileDescriptorSetSchema } = await import("@bufbuild/protobuf/wkt");
  const method = { name: "Get", inputType: ".s.M", outputType: ".s.M" };
  const file = {
    name: "s.proto",
    package: "s",
    syntax: "proto3",
    messageType: [{ name: "M" }],
    service: [{ name: "S", method: [method] }],
  };
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] }));
}

describe("--dry-run", () => {
  test("lists every file and writes none", async () => {
    const { code, output } = await run(["demo", ...dry], { cwd });
    expect(code).toBe(0);
    expect(await readdir(cwd)).toEqual([]);
    await run(["demo", ...quick], { cwd });
    const files = [...(await readFiles(join(cwd, "demo"))).keys()];
    expect(output.split("\n").filter((line) => line.startsWith("create "))).toEqual(
      files.map((path) => `create ${path}`),
    );
    expect(output).toMatch(/\nNothing was written\.\n$/);
  });

  test("needs no answers about skipped steps", async () => {
    const { code, notes } = await run(["demo", "--starter", "user", "--dry-run"], { cwd });
    expect({ code, notes }).toEqual({ code: 0, notes: "" });
    expect(await readdir(cwd)).toEqual([]);
  });
});

test("Ctrl-C before anything is written: 130, nothing there", async () => {
  const interrupt = new AbortController();
  const running = run(["demo", ...quick], { cwd, signal: interrupt.signal });
  setImmediate(() => interrupt.abort());
  expect(await running).toMatchObject({
    code: 130,
    notes: "create-grpc-service: interrupted\n",
  });
  expect(await readdir(cwd)).toEqual([]);
});
