import { appendFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { checkGeneratedCode } from "../../../../src/commands/doctor/checks/generated-code.ts";
import { findProject } from "../../../../src/commands/project/find-project.ts";
import { fakeProgram } from "../../../ops/projects.ts";
import { copyProject, createProject, environment } from "../../support/project.ts";

let project: string;
beforeAll(async () => {
  project = await createProject({ generated: true });
});

function check(root: string, signal = new AbortController().signal) {
  return checkGeneratedCode(findProject(root), { env: environment, signal });
}

test("src/gen must be exactly what the generators give", async () => {
  const root = await copyProject(project);
  expect(await check(root)).toEqual({ status: "ok", message: "src/gen matches the protos" });

  const changed = join(root, "src/gen/greeter_grpc.ts");
  appendFileSync(changed, "// mine\n");
  expect(await check(root)).toEqual({
    status: "failure",
    message: "src/gen/greeter_grpc.ts does not match the protos",
    remedy: "npm run generate",
  });

  rmSync(changed);
  writeFileSync(join(root, "src/gen/orphan.ts"), "");
  expect(await check(root)).toMatchObject({
    message: "src/gen/greeter_grpc.ts and 1 more do not match the protos",
  });
  expect(existsSync(changed)).toBe(false); // it changes nothing

  rmSync(join(root, "src/gen"), { recursive: true });
  expect(await check(root)).toMatchObject({ status: "failure" });
});

test("says why the generators fail", async () => {
  const root = await copyProject(project);
  writeFileSync(join(root, "buf.gen.yaml"), "version: v9\n");
  expect(await check(root)).toMatchObject({
    status: "failure",
    message: expect.stringMatching(/^buf generate fails: .*version/),
  });
});

test.skipIf(process.platform === "win32")(
  "quotes the error of a generator that crashes, not the place in its source",
  async () => {
    const root = await copyProject(project);
    rmSync(join(root, "node_modules/.bin/buf"));
    await fakeProgram(
      join(root, "node_modules/.bin"),
      "buf",
      `printf '%s\\n' /x/bin/buf:82 '  throw child.error;' '  ^' '' 'Error: spawnSync buf ENOENT' '    at x' >&2; exit 1`,
    );
    expect(await check(root)).toMatchObject({
      status: "failure",
      message: "buf generate fails: Error: spawnSync buf ENOENT",
    });
  },
);

test("is skipped while a generator is missing", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "node_modules/@bufbuild/protoc-gen-es"));
  expect(await check(root)).toEqual({
    status: "skipped",
    message: "not checked: @bufbuild/protoc-gen-es is missing or broken",
  });
});
