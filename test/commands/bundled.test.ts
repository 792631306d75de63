import { once } from "node:events";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import { HealthClient } from "../../runtime/src/health/client.ts";
import { packageRoot } from "../../src/package-root.ts";
import { temporaryFolder } from "../scaffold/support.ts";
import { createProject, environment } from "./support/project.ts";

let project: string;
beforeAll(async () => {
  project = await createProject({ generated: true });
});

/** Runs the bundle of the project's create-grpc-service, as npm scripts do. */
function grpcService(...args: string[]) {
  return execa("grpc-service", args, {
    cwd: project,
    env: environment,
    extendEnv: false,
    preferLocal: true,
    localDir: project,
    reject: false,
  });
}

test("doctor and token run the project's code from the bundle", async () => {
  const [doctor, token] = await Promise.all([grpcService("doctor"), grpcService("token", "ada")]);
  expect(doctor.stdout).not.toMatch(/^(?:failure|warning)/m);
  expect(doctor).toMatchObject({ exitCode: 0, stderr: "" });
  expect(token).toMatchObject({ exitCode: 0, stderr: "" });
  expect(token.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test("mock serves the project's protos from the bundle until it is interrupted", async () => {
  // It compiles protos, with the dependency of create-grpc-service.
  const packages = join(project, "node_modules/create-grpc-service/node_modules");
  if (!existsSync(packages)) symlinkSync(join(packageRoot(), "node_modules"), packages, "junction");
  const mock = grpcService("mock", "--address", "127.0.0.1:0");
  const [chunk] = await once(mock.stdout, "data");
  const output = String(chunk).trim();
  const [, address = ""] =
    /^mock server on (\S+): greeter\.v1\.Greeter; 0 stubs$/.exec(output) ?? [];
  const health = new HealthClient(address);
  expect(await health.check({ service: "greeter.v1.Greeter" })).toMatchObject({ status: 1 });
  health.close();
  mock.kill("SIGINT");
  expect(await mock).toMatchObject({ exitCode: 0, stderr: "" });
});

test("secrets writes .env", async () => {
  rmSync(join(project, ".env"));
  expect(await grpcService("secrets")).toMatchObject({ exitCode: 0, stderr: "" });
  expect((await grpcService("doctor")).stdout).toMatch(/^ok +settings +valid; .* from \.env$/m);
});

test.skipIf(process.platform === "win32")("a folder that was removed is named", async () => {
  const folder = await temporaryFolder();
  const program = join(project, "node_modules/create-grpc-service/dist/grpc-service.js");
  const args = ["-c", 'rmdir "$PWD" && exec "$@"', "sh", process.execPath, program, "certs"];
  expect(await execa("sh", args, { cwd: folder, reject: false })).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: "the current folder does not exist any more",
  });
});
