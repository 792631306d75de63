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
    { status: "ok", message: "1 packages, as package.json requires" },
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
