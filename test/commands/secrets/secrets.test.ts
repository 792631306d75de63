import { chmod, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
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

test("completes the line that counts, below a commented example", async () => {
  await writeFiles(root, { ".env": "# AUTH_JWT_SECRET=put yours below\nAUTH_JWT_SECRET=\n" });
  expect((await secrets()).output).toBe("completed .env: new AUTH_JWT_SECRET\n");
  expect(await dotEnv()).toEqual({ AUTH_JWT_SECRET: secret });
  expect((await secrets()).output).toBe(".env has a value for every secret\n");
});

test.each([
  ["missing", ""],
  ["empty", "AUTH_ISSUER=\n# AUTH_AUDIENCE=\n"],
])("adds issuer and audience that are %s to a key that is there", async (_, lines) => {
  const key = `AUTH_JWT_SECRET=${"k".repeat(32)}\n`;
  const manifest = { name: "orders", devDependencies: { "create-grpc-service": "0.1.0" } };
  await writeFiles(root, {
    "package.json": JSON.stringify(manifest),
    ".env.example": "AUTH_JWT_SECRET=\nAUTH_ISSUER=\nAUTH_AUDIENCE=\n",
    ".env": key + lines,
  });
  expect((await secrets()).output).toBe("completed .env: new AUTH_ISSUER, AUTH_AUDIENCE\n");
  expect(await dotEnv()).toMatchObject({ AUTH_ISSUER: "orders", AUTH_AUDIENCE: "orders" });
  expect((await secrets()).output).toBe(".env has a value for every secret\n");
});

test("leaves issuer and audience to the identity provider if a key set is used", async () => {
  const text = "AUTH_JWKS_URL=https://example.com/keys\nAUTH_ISSUER=\nAUTH_AUDIENCE=\n";
  await writeFiles(root, { ".env.example": text, ".env": text });
  expect((await secrets()).output).toBe(".env has a value for every secret\n");
});

test("a folder name with characters of .env becomes a plain issuer", async () => {
  root = join(root, "my 'new' #1");
  await writeFiles(root, {
    "package.json": '{ "devDependencies": { "create-grpc-service": "0.1.0" } }',
    ".env.example": "AUTH_ISSUER=\n",
  });
  await secrets();
  expect(await dotEnv()).toMatchObject({ AUTH_ISSUER: "my-new-1" });
});

test.skipIf(process.platform === "win32")("a completed .env is for the user only", async () => {
  await writeFiles(root, { ".env": "A=1\n" });
  await chmod(join(root, ".env"), 0o644);
  await secrets();
  expect((await stat(join(root, ".env"))).mode & 0o777).toBe(0o600);
  expect((await readdir(root)).sort()).toEqual([".env", "package.json"]);
});

describe("refuses in one line", () => {
  const refused = (message: string) => ({
    code: 2,
    output: "",
    notes: `grpc-service: ${message}\n`,
  });

  test("a .env that is a folder", async () => {
    await mkdir(join(root, ".env"));
    expect(await secrets()).toEqual(refused(".env must be a file, but is not"));
  });

  test.skipIf(process.platform === "win32")("a .env that is a link", async () => {
    await writeFiles(root, { "elsewhere/.env": "A=1\n" });
    await symlink(join(root, "elsewhere/.env"), join(root, ".env"));
    expect(await secrets()).toEqual(refused(".env is a symbolic link, which is not followed"));
    expect(await readFile(join(root, "elsewhere/.env"), "utf8")).toBe("A=1\n");
  });

  test.each([".env.example", "docker-compose.yml"])("a folder %s", async (name) => {
    await mkdir(join(root, name));
    expect(await secrets()).toEqual(refused(`cannot read ${join(root, name)}: it is a folder`));
  });
});
