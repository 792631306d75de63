import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
  const manifest = { devDependencies: { "create-grpc-service": "0.1.0" } };
  await writeFiles(root, { "package.json": JSON.stringify(manifest) });
});

const secrets = () => runCommand(["secrets"], { cwd: root });
const dotEnv = async () => parseEnv(await readFile(join(root, ".env"), "utf8"));
const secret = expect.stringMatching(/^[0-9a-f]{64}$/);

test("creates .env from .env.example, with a key for tokens", async () => {
  await writeFiles(root, {
    ".env.example": "ADDRESS=127.0.0.1:50051\nAUTH_JWT_SECRET=\nAUTH=on\n",
  });
  expect(await secrets()).toEqual({
    code: 0,
    output: "created .env: new AUTH_JWT_SECRET\n",
    notes: "",
  });
  const text = await readFile(join(root, ".env"), "utf8");
  expect(text).toMatch(/^ADDRESS=127\.0\.0\.1:50051\nAUTH_JWT_SECRET=[0-9a-f]{64}\nAUTH=on\n$/);
});

test("names issuer and audience after the project, which production requires", async () => {
  const manifest = { name: "@shop/orders", devDependencies: { "create-grpc-service": "0.1.0" } };
  await writeFiles(root, {
    "package.json": JSON.stringify(manifest),
    ".env.example": "AUTH_JWT_SECRET=\nAUTH_ISSUER=\nAUTH_AUDIENCE=kept\n",
  });
  await secrets();
  expect(await dotEnv()).toEqual({
    AUTH_JWT_SECRET: secret,
    AUTH_ISSUER: "@shop/orders",
    AUTH_AUDIENCE: "kept",
  });
});

test.skipIf(process.platform === "win32")("only the user can read .env", async () => {
  await secrets();
  expect((await stat(join(root, ".env"))).mode & 0o777).toBe(0o600);
});

test("completes .env, and keeps what is set", async () => {
  const key = "k".repeat(32);
  await writeFiles(root, {
    ".env.example": "ADDRESS=never read\n",
    ".env": `AUTH_JWT_SECRET=${key}\n# POSTGRES_PASSWORD=`,
    "docker-compose.yml": `a: \${POSTGRES_PASSWORD:?run make secrets}
b: \${REDIS_PASSWORD:?x}
c: \${PORT:-1}
d: \${REDIS_PASSWORD:?x}
`,
  });
  expect((await secrets()).output).toBe("completed .env: new POSTGRES_PASSWORD, REDIS_PASSWORD\n");
  expect(await dotEnv()).toEqual({
    AUTH_JWT_SECRET: key,
    POSTGRES_PASSWORD: secret,
    REDIS_PASSWORD: secret,
  });
});

test("changes nothing if every secret has a value", async () => {
  await secrets();
  const before = await readFile(join(root, ".env"), "utf8");
  expect((await secrets()).output).toBe(".env has a value for every secret\n");
  expect(await readFile(join(root, ".env"), "utf8")).toBe(before);
});

test("creates no key for tokens if a key set is used", async () => {
  await writeFiles(root, { ".env.example": "AUTH_JWKS_URL=https://example.com/keys\n" });
  expect((await secrets()).output).toBe("created .env\n");
  expect(await dotEnv()).toEqual({ AUTH_JWKS_URL: "https://example.com/keys" });
});

test("two runs give two secrets", async () => {
  await secrets();
  const first = await dotEnv();
  await writeFiles(root, { ".env": "" });
  await secrets();
  expect(await dotEnv()).not.toEqual(first);
});
