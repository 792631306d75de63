import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { checkPackages, matches } from "../../../../src/commands/doctor/checks/packages.ts";
import { temporaryFolder, writeFiles } from "../../../scaffold/support.ts";

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
});

/** Installs packages: name -> text of package.json, or version. */
async function install(packages: Record<string, string>): Promise<void> {
  const manifests = Object.entries(packages).map(([name, text]) => [
    `node_modules/${name}/package.json`,
    /^\d/.test(text) ? JSON.stringify({ version: text }) : text,
  ]);
  await writeFiles(root, Object.fromEntries(manifests));
}

function check(dependencies: Record<string, string>) {
  const manifest = { name: "shop", version: "1.0.0", node: undefined, packageManager: "npm" };
  return checkPackages({
    root,
    manifest: { ...manifest, dependencies: new Map(Object.entries(dependencies)) },
  });
}

test("names every package that is missing or of another version", async () => {
  await install({ "@grpc/grpc-js": "1.13.0", pino: "10.4.1" });
  expect(check({ "@grpc/grpc-js": "^1.14.7", pino: "^10.4.0", tsx: "^4.0.0" })).toEqual([
    {
      status: "failure",
      message: "@grpc/grpc-js 1.13.0 is installed, but package.json requires ^1.14.7",
      remedy: "npm install",
    },
    { status: "failure", message: "tsx is not installed", remedy: "npm install" },
  ]);
  expect(check({ pino: "^10.4.0" })).toEqual([
    { status: "ok", message: "1 package, as package.json requires" },
  ]);
});

test("names every package that is broken", async () => {
  await install({ pino: '{ "name": ', jose: '{ "name": "jose" }' });
  await mkdir(join(root, "node_modules/tsx"));
  await symlink(join(root, "nowhere"), join(root, "node_modules/pg"));
  const broken = (name: string, fault: string) => ({
    status: "failure",
    message: `${name} is broken: its package.json ${fault}`,
    remedy: `delete node_modules/${name}, then npm install`,
  });
  expect(check({ pino: "^10.4.0", jose: "^6.0.0", tsx: "^4.0.0", pg: "^8.0.0" })).toEqual([
    broken("pino", "is not valid JSON"),
    broken("jose", "has no version"),
    broken("tsx", "cannot be read"),
    broken("pg", "cannot be read"),
  ]);
});

describe("files", () => {
  const broken = (file: string) => [
    {
      status: "failure",
      message: `tsx is broken: its file ${file} is missing`,
      remedy: "delete node_modules/tsx, then npm install",
    },
  ];
  test.each([
    ["main", { main: "lib/index" }, "lib/index"],
    ["exports", { exports: "./dist/loader.mjs" }, "dist/loader.mjs"],
    [
      "exports of modules",
      { exports: { ".": { import: "./a.mjs", require: "./a.cjs" } } },
      "a.mjs",
    ],
    ["exports of types", { exports: { types: "./there.d.ts", default: "./a.js" } }, "a.js"],
    ["bin", { main: "./there.js", bin: { tsx: "./dist/cli.mjs" } }, "dist/cli.mjs"],
  ])("without the file of its %s a package is broken", async (_, fields, file) => {
    await install({ tsx: JSON.stringify({ version: "4.0.0", ...fields }) });
    await writeFiles(root, {
      "node_modules/tsx/there.js": "",
      "node_modules/tsx/there.d.ts": "",
    });
    expect(check({ tsx: "*" })).toEqual(broken(file));
  });

  test.each([
    ["one of several exports", { exports: { ".": [{ import: "./a.mjs" }, "./there.js"] } }],
    ["exports of other paths", { exports: { "./x": "./a.js", "./y/*": "./y/*.js" } }],
    ["main without an extension", { main: "there" }],
    ["main that is a folder", { main: "./lib" }],
    ["types only", { main: "", types: "a.d.ts" }],
  ])("%s is fine", async (_, fields) => {
    await install({ tsx: JSON.stringify({ version: "4.0.0", ...fields }) });
    await writeFiles(root, {
      "node_modules/tsx/there.js": "",
      "node_modules/tsx/lib/index.js": "",
    });
    expect(check({ tsx: "*" })).toMatchObject([{ status: "ok" }]);
  });
});

describe("packages per platform", () => {
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  const own = `@tool/cli-${process.platform}-${arch}`;
  const optionalDependencies = {
    [own]: "1.0.0",
    [`${own}-musl`]: "1.0.0",
    "@tool/cli-os2-x1": "1",
  };
  const tool = JSON.stringify({ version: "1.0.0", optionalDependencies });

  test("one for this machine has to be installed", async () => {
    await install({ tool });
    const message = `tool needs ${own} or ${own}-musl on this machine, which is not installed`;
    expect(check({ tool: "*" })).toEqual([{ status: "warning", message, remedy: "npm install" }]);
    await install({ [`${own}-musl`]: "1.0.0" });
    expect(check({ tool: "*" })).toMatchObject([{ status: "ok" }]);
  });

  test("that a package needs through others have to be installed too", async () => {
    const needing = (name: string) =>
      JSON.stringify({ version: "1.0.0", dependencies: { [name]: "*" } });
    await install({ tool: needing("middle"), middle: needing("inner") });
    await install({ inner: JSON.stringify({ version: "1.0.0", dependencies: { tool: "*" } }) });
    expect(check({ tool: "*" })).toMatchObject([{ status: "ok" }]);
    await install({ inner: tool });
    expect(check({ tool: "*", inner: "*" })).toMatchObject([
      { status: "warning", message: expect.stringMatching(/^inner needs /) },
    ]);
  });

  test("are found next to what a link leads to", async () => {
    await install({ ".store/node_modules/tool": tool, [`.store/node_modules/${own}`]: "1.0.0" });
    await symlink(
      join(root, "node_modules/.store/node_modules/tool"),
      join(root, "node_modules/tool"),
    );
    expect(check({ tool: "*" })).toMatchObject([{ status: "ok" }]);
  });

  test("for other machines only are not missed", async () => {
    const others = { optionalDependencies: { "@tool/cli-os2-x1": "1", fsevents: "2" } };
    await install({ tool: JSON.stringify({ version: "1.0.0", ...others }) });
    expect(check({ tool: "*" })).toMatchObject([{ status: "ok" }]);
  });
});

test("finds packages in the folders above, as in a workspace", async () => {
  await install({ pino: "10.4.1" });
  root = join(root, "services/users");
  expect(check({ pino: "^10.4.0" })).toMatchObject([{ status: "ok" }]);
});

describe("grpc-service and create-grpc-service", () => {
  const ranges = { "grpc-service": "*", "create-grpc-service": "*" };

  test("of the same version are fine", async () => {
    await install({ "grpc-service": "1.2.3", "create-grpc-service": "1.2.3" });
    expect(check(ranges)).toMatchObject([{ status: "ok" }]);
  });

  test("of different versions fail", async () => {
    await install({ "grpc-service": "1.2.3", "create-grpc-service": "1.3.0" });
    expect(check(ranges)).toEqual([
      {
        status: "failure",
        message:
          "grpc-service 1.2.3 and create-grpc-service 1.3.0 are installed, but they must have the same version",
        remedy: "set both to the same version in package.json, then npm install",
      },
    ]);
  });
});

test.each([
  ["1.2.3", "1.2.3", true],
  ["1.2.4", "1.2.3", false],
  ["1.9.0", "^1.2.3", true],
  ["1.2.2", "^1.2.3", false],
  ["2.0.0", "^1.2.3", false],
  ["0.2.9", "^0.2.3", true],
  ["0.3.0", "^0.2.3", false],
  ["0.0.4", "^0.0.3", false],
  ["v20.20.2", ">=20.19", true],
  ["v20.18.9", ">=20.19", false],
  ["24.0.0-rc.1", ">=20.19", true],
  ["1.2.9", "~1.2.3", true],
  ["1.3.0", "~1.2.3", false],
  ["2.1.0", "^1.0.0 || ^2.0.0", true],
  ["1.2.3", "file:../elsewhere", undefined],
  ["1.2.3", "workspace:*", undefined],
  ["1.2.3", "https://example.com/a.tgz", undefined],
])("%s for %s: %s", (version, range, expected) => {
  expect(matches(version, range)).toBe(expected);
});
