import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkPackages, checkTools } from "../../scripts/doctor/tools.ts";
import { temporaryFolders } from "../temporary-folders.ts";

const temporaryFolder = temporaryFolders();

const manifest = { engines: { node: ">=20.19" } };

test("Node.js must be the one of engines", () => {
  const statuses = (node: string) =>
    checkTools(manifest, { node, userAgent: undefined }).map(({ status }) => status);
  expect(statuses("v20.19.0")).toEqual(["ok"]);
  expect(statuses("v18.20.0")).toEqual(["failure"]);
});

test("another package manager is a warning", () => {
  const check = (userAgent: string, packageManager?: string) =>
    checkTools(
      { ...manifest, ...(packageManager && { packageManager }) },
      { node: "v24.0.0", userAgent },
    )[1];
  expect(check("npm/11.6.0 node/v24.0.0 linux x64")).toMatchObject({ status: "ok" });
  expect(check("npm/11.6.0 node/v24.0.0 linux x64", "pnpm@12.0.0")).toMatchObject({
    status: "warning",
    message: "npm 11.6.0, but this project is for pnpm",
  });
});

test("names every package that is missing or of another version", () => {
  const root = temporaryFolder();
  for (const [name, version] of [
    ["@grpc/grpc-js", "1.13.0"],
    ["pino", "10.4.1"],
  ] as const) {
    mkdirSync(join(root, "node_modules", name), { recursive: true });
    writeFileSync(join(root, "node_modules", name, "package.json"), JSON.stringify({ version }));
  }
  const dependencies = { "@grpc/grpc-js": "^1.14.7", pino: "^10.4.0" };
  expect(checkPackages(root, { dependencies, devDependencies: { tsx: "^4.0.0" } })).toEqual([
    {
      status: "failure",
      message: "@grpc/grpc-js 1.13.0 is installed, but package.json wants ^1.14.7",
      remedy: "npm install",
    },
    { status: "failure", message: "tsx is not installed", remedy: "npm install" },
  ]);
  expect(checkPackages(root, { dependencies: { pino: "^10.4.0" } })).toMatchObject([
    { status: "ok" },
  ]);
});
