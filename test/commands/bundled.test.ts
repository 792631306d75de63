import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
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

test("secrets writes .env", async () => {
  rmSync(join(project, ".env"));
  expect(await grpcService("secrets")).toMatchObject({ exitCode: 0, stderr: "" });
  expect((await grpcService("doctor")).stdout).toMatch(/^ok +settings +valid; .* from \.env$/m);
});
