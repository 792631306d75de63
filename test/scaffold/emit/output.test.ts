import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { lendModules, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

const modules = join(packageRoot(), "node_modules");
const protos = new URL("protos", import.meta.url).pathname;
let cwd: string;

beforeAll(async () => {
  cwd = await temporaryFolder();
  await writeFile(join(cwd, "lengths.proto"), lengthsProto());
  const names = ["--proto", join(protos, "names"), "--proto", "lengths.proto"];
  const made = await Promise.all([
    run(["names", ...quick, ...names], { cwd }),
    run(["shop", ...quick, "--proto", join(protos, "shop")], { cwd }),
  ]);
  expect(made.map(({ code, notes }) => notes || code)).toEqual([0, 0]);
});

/** Services and methods of every length, so that every printed line meets the end of its line. */
function lengthsProto(): string {
  const services = Array.from({ length: 16 }, (_, index) => {
    const name = "Abcde".repeat(30).slice(0, 6 + index * 7);
    const rpcs = [
      `rpc ${name}One(M) returns (M);`,
      `rpc ${name}Two(M) returns (stream M);`,
      `rpc ${name}Three(stream M) returns (M);`,
      `rpc ${name}Four(stream R) returns (stream M);`,
      `rpc ${name}Five(R) returns (M);`,
    ];
    return `service ${name} { ${rpcs.join(" ")} }`;
  });
  return `syntax = "proto2";
package lengths;
message M {}
message R { required string name = 1; required R2 inner = 2; }
message R2 { required int64 number = 1; }
${services.join("\n")}
`;
}

/** Runs a tool of the repository in a project and answers what it has to say. */
async function tool(project: string, name: string, ...args: string[]): Promise<string> {
  try {
    await promisify(execFile)(join(modules, ".bin", name), args, { cwd: join(cwd, project) });
    return "";
  } catch (error) {
    if (!(error instanceof Error && "stdout" in error && "stderr" in error)) return String(error);
    return `${name} failed\n${error.stdout}${error.stderr}`;
  }
}

test("printed files are formatted and pass the linter, for names of every kind and length", async () => {
  const ours = ["src/services", "src/client/index.ts", "test/services"];
  expect(await tool("names", "biome", "check", "--diagnostic-level=error", ...ours)).toBe("");
  expect(await tool("shop", "biome", "check", "--diagnostic-level=error", ...ours)).toBe("");
});

test("printed files type-check", async () => {
  await Promise.all([lendModules(join(cwd, "names")), lendModules(join(cwd, "shop"))]);
  expect(await tool("names", "tsc", "--noEmit")).toBe("");
  expect(await tool("shop", "tsc", "--noEmit")).toBe("");
});

test("lint and format leave alone what servers and tests write", async () => {
  await writeFiles(join(cwd, "shop"), {
    ".data/files/about.json": '{"owner":"demo"}',
    "coverage/sorter.js": "var a=1",
    "dist/main.js": "var a=1",
  });
  expect(await tool("shop", "biome", "check", "--error-on-warnings", ".")).toBe("");
});

test("every emitted test of a fresh project passes", async () => {
  expect(await tool("shop", "vitest", "run", "test/services", "--reporter=dot")).toBe("");
});

test("an updated project is formatted, passes the linter and type-checks", async () => {
  const proto = join(cwd, "shop", "proto", "user", "v1", "user.proto");
  await writeFile(
    proto,
    `${(await readFile(proto, "utf8")).replace("rpc GetUser", "rpc AddUser(User) returns (stream User);\n  rpc GetUser")}
service ExtraService { rpc Ping(stream User) returns (User); }
`,
  );
  const { code, output } = await run(["shop"], { cwd });
  expect(code).toBe(0);
  expect(output).toContain("  user.v1.UserService/AddUser\n  user.v1.ExtraService/Ping\n");
  const ours = ["src/services", "src/client/index.ts", "test/services"];
  expect(await tool("shop", "biome", "check", "--diagnostic-level=error", ...ours)).toBe("");
  expect(await tool("shop", "tsc", "--noEmit")).toBe("");
});

test.each(["names", "shop"])("buf generate changes nothing in %s", async (name) => {
  const project = join(cwd, `${name}-generated`);
  await cp(join(cwd, name), project, {
    recursive: true,
    filter: (source) => !source.endsWith("node_modules"),
  });
  const bin = join(project, "node_modules", ".bin");
  await mkdir(bin, { recursive: true });
  await symlink(join(modules, ".bin", "protoc-gen-es"), join(bin, "protoc-gen-es"));
  const plugin = join(packageRoot(), "src", "plugin", "bin.ts");
  const launcher = `#!/bin/sh\nexec "${join(modules, ".bin", "tsx")}" "${plugin}" "$@"\n`;
  await writeFile(join(bin, "protoc-gen-grpc-service"), launcher, { mode: 0o755 });
  const before = await readFiles(project);
  // As npm does: the project's own programs come first.
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const buf = join(modules, "@bufbuild", "buf", "bin", "buf");
  await promisify(execFile)(process.execPath, [buf, "generate"], { cwd: project, env });
  expect(await readFiles(project)).toEqual(before);
});
