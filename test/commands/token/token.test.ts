import { rmSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt, jwtVerify } from "jose";
import { beforeAll, expect, test } from "vitest";
import { writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject, environment } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";

let project: string;
beforeAll(async () => {
  project = await createProject();
});

test("prints a token that the project accepts, and nothing else", async () => {
  const root = await copyProject(project);
  const key = "k".repeat(32);
  await writeFiles(root, { ".env": `AUTH_JWT_SECRET=${key}\nAUTH_ISSUER=tests\n` });
  const { code, output, notes } = await runCommand(["token"], { cwd: join(root, "src") });
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const expected = { issuer: "tests", audience: "greeter" };
  const { payload } = await jwtVerify(output.trim(), Buffer.from(key), expected);
  expect(payload.sub).toBe("developer");
  expect(payload.exp).toBe((payload.iat ?? 0) + 300);
});

test("takes a subject and scopes", async () => {
  const args = ["token", "ada", "--scope", "users.read", "--scope=users.write"];
  const { output } = await runCommand(args, { cwd: project });
  expect(decodeJwt(output)).toMatchObject({ sub: "ada", scope: "users.read users.write" });
});

test.each(["", " "])("refuses the subject %j", async (subject) => {
  expect(await runCommand(["token", subject], { cwd: project })).toEqual({
    code: 2,
    output: "",
    notes: "grpc-service: the subject must not be empty\n",
  });
});

test("prints nothing of what the project's code prints", async () => {
  const root = await copyProject(project);
  await appendFile(
    join(root, "src/config.ts"),
    'console.log("loaded"); console.error("loaded");\n',
  );
  const { output, notes } = await runCommand(["token"], { cwd: root });
  expect(output).toMatch(/^[\w.-]+\n$/);
  expect(notes).toBe("");
});

test("names every setting that is wrong", async () => {
  const env = { ...environment, AUTH_JWT_SECRET: "short", SERVER_ADDRESS: "nowhere" };
  const { code, notes } = await runCommand(["token"], { cwd: project, env });
  expect(code).toBe(1);
  expect(notes).toMatch(
    /^grpc-service: AUTH_JWT_SECRET must have at least 32 bytes; SERVER_ADDRESS must be host:port[^\n]*\n$/,
  );
});

test("cannot sign with a key set", async () => {
  const env = { ...environment, AUTH_JWKS_URL: "https://example.com/keys" };
  expect(await runCommand(["token"], { cwd: project, env })).toEqual({
    code: 1,
    output: "",
    notes: "grpc-service: AUTH_JWKS_URL is set: get tokens from your identity provider\n",
  });
});

test("names the package that is missing", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "node_modules/jose"));
  expect(await runCommand(["token"], { cwd: root })).toEqual({
    code: 1,
    output: "",
    notes: "grpc-service: grpc-service/interceptors/auth: the package jose is not installed\n",
  });
});
