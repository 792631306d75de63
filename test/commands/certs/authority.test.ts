import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
  const manifest = { devDependencies: { "create-grpc-service": "0.1.0" } };
  await writeFiles(root, { "package.json": JSON.stringify(manifest) });
});

const certs = (...flags: string[]) =>
  runCommand(["certs", ...flags], { cwd: root, env: { PATH: process.env.PATH } });
const path = (name: string) => join(root, "certs", name);
const read = (name: string) => readFile(path(name), "utf8");
const certificate = async (name: string) => new X509Certificate(await read(`${name}.crt`));

/** What it prints about the files. */
const printed = (aboutAuthority: string) =>
  `certs/ca.crt  certs/ca.key${aboutAuthority}\ncerts/server.crt  certs/server.key\ncerts/client.crt  certs/client.key\n`;

/** Expects that the authority in certs/ signed both certificates. */
async function expectSigned(): Promise<void> {
  const { publicKey } = await certificate("ca");
  for (const name of ["server", "client"]) {
    expect((await certificate(name)).verify(publicKey)).toBe(true);
  }
}

describe("an existing authority", { tags: "openssl" }, () => {
  test("is kept, and signs the new certificates", async () => {
    await certs();
    const before = await Promise.all(["ca.crt", "ca.key", "server.crt"].map(read));
    expect(await certs()).toEqual({
      code: 0,
      output: printed("  (kept, --force makes a new authority)"),
      notes: "",
    });
    const after = await Promise.all(["ca.crt", "ca.key", "server.crt"].map(read));
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toBe(before[2]);
    await expectSigned();
  });

  test("is replaced with --force", async () => {
    await certs();
    const before = await read("ca.crt");
    expect(await certs("--force")).toMatchObject({
      code: 0,
      output: printed("  (new: replace the old ca.crt wherever it is trusted)"),
    });
    expect(await read("ca.crt")).not.toBe(before);
    await expectSigned();
  });

  test("may be of another program, and its certificates do not outlive it", async () => {
    await mkdir(path(""));
    const own = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=Ours"];
    await execa("openssl", ["req", ...own, "-keyout", path("ca.key"), "-out", path("ca.crt")]);
    expect((await certs()).code).toBe(0);
    await expectSigned();
    const [authority, server] = [await certificate("ca"), await certificate("server")];
    expect(authority.subject).toBe("CN=Ours");
    expect(Date.parse(server.validTo)).toBeLessThanOrEqual(Date.parse(authority.validTo));
  });

  test("of this program outlives its certificates, so that they can be renewed", async () => {
    await certs();
    const [authority, server] = [await certificate("ca"), await certificate("server")];
    expect(Date.parse(authority.validTo)).toBeGreaterThan(Date.parse(server.validTo));
  });
});

describe("an authority that cannot sign is refused in one line", { tags: "openssl" }, () => {
  const refused = (message: string) => ({
    code: 2,
    output: "",
    notes: `grpc-service: ${message}; --force makes a new authority\n`,
  });

  beforeEach(async () => {
    await certs();
    await rm(path("server.crt"));
  });

  test("without its key, without its certificate", async () => {
    await rm(path("ca.key"));
    expect(await certs()).toEqual(refused("certs/ca.crt is there, but not certs/ca.key"));
    await certs("--force");
    await rm(path("ca.crt"));
    expect(await certs()).toEqual(refused("certs/ca.key is there, but not certs/ca.crt"));
  });

  test("with the key of another certificate", async () => {
    await copyFile(path("client.key"), path("ca.key"));
    expect(await certs()).toEqual(refused("certs/ca.key is not the key of certs/ca.crt"));
  });

  test("that is not an authority", async () => {
    await copyFile(path("client.crt"), path("ca.crt"));
    await copyFile(path("client.key"), path("ca.key"));
    expect(await certs()).toEqual(refused("certs/ca.crt is not a certificate authority"));
  });

  test("whose files cannot be parsed", async () => {
    await writeFile(path("ca.crt"), "nonsense");
    const { code, notes } = await certs();
    expect(code).toBe(2);
    expect(notes).toMatch(
      /^grpc-service: certs\/ca\.crt and certs\/ca\.key cannot be used: [^\n]+; --force makes a new authority\n$/,
    );
  });

  test("that has expired", async () => {
    const { validTo } = await certificate("ca");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(validTo) });
    const outcome = await certs();
    vi.useRealTimers();
    expect(outcome).toEqual(refused(`certs/ca.crt is valid until ${validTo} only`));
    expect(existsSync(path("server.crt"))).toBe(false);
  });
});
