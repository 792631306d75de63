// @module-tag installs

import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../tooling/packed/commands.ts";
import { writeFiles } from "../scaffold/support.ts";
import { readTree } from "../support/emitted-files.ts";
import { create, createSandbox, type Sandbox } from "./packed.ts";

let place: Sandbox;
let project: string;

beforeAll(async () => {
  place = await createSandbox();
  project = join(place.folder, "services/greeter");
  await writeFiles(place.folder, {
    "package.json": JSON.stringify({ name: "shop", private: true, workspaces: ["services/*"] }),
    "greeter.proto": `syntax = "proto3";
package greeter.v1;
service Greeter {
  rpc Greet(GreetRequest) returns (GreetResponse);
}
message GreetRequest { string name = 1; }
message GreetResponse { string text = 1; }
`,
  });
  await create(place, ["services/greeter", "--proto", "greeter.proto", "--yes", "--no-git"]);
}, 300_000);

afterAll(() => place.remove());

test("npm installs a project of a workspace above it", () => {
  expect(existsSync(join(place.folder, "package-lock.json"))).toBe(true);
  expect(existsSync(join(project, "package-lock.json"))).toBe(false);
});

test("the generators are found there, and generate the same", async () => {
  const before = readTree(join(project, "src/gen"));
  await run("npm", ["run", "generate"], { cwd: project });
  expect(readTree(join(project, "src/gen"))).toEqual(before);
});

test("doctor, make and the type checker work", async () => {
  await run("npx", ["grpc-service", "doctor"], { cwd: project });
  await run("make", ["lint"], { cwd: project });
});

test("the printed command makes the lock file that the Dockerfile copies", async () => {
  const args = ["install", "--workspaces=false", "--package-lock-only"];
  await run("npm", args, { cwd: project });
  const lock: unknown = JSON.parse(await readFile(join(project, "package-lock.json"), "utf8"));
  expect(lock).toMatchObject({ name: "greeter", packages: { "node_modules/jose": {} } });
  const image = join(place.folder, "image");
  await mkdir(image);
  await run("cp", ["-r", "package.json", "package-lock.json", "vendor", image], { cwd: project });
  await run("npm", ["ci", "--dry-run"], { cwd: image });
});
