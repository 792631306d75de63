// @module-tag openssl

import { readFileSync } from "node:fs";
import { ServerCredentials } from "@grpc/grpc-js";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../scaffold/support.ts";
import { makeCertificates } from "../support/certificates.ts";
import { runCommand } from "../support/run-command.ts";
import { serveThings } from "./support/serve-things.ts";

let cwd: string;
let files: Awaited<ReturnType<typeof makeCertificates>>;
beforeAll(async () => {
  [cwd, files] = await Promise.all([temporaryFolder(), makeCertificates()]);
});

async function serve(mutual: boolean) {
  const { ca, server } = files;
  const pair = { private_key: readFileSync(server.key), cert_chain: readFileSync(server.cert) };
  const credentials = ServerCredentials.createSsl(readFileSync(ca), [pair], mutual);
  const { address } = await serveThings({ credentials });
  const run = (target: string, ...flags: string[]) =>
    runCommand(["call", target, "Things/Echo", '{"id":1}', ...flags], { cwd });
  return { run, address, port: address.split(":")[1] };
}
const called = { code: 0, output: '{"id":"1"}\n', notes: "" };

describe("TLS", () => {
  test("with an authority, by name, by IP address and by URL", async () => {
    const { run, address, port } = await serve(false);
    expect(await run(`localhost:${port}`, "--cacert", files.ca)).toEqual(called);
    expect(await run(address, "--cacert", files.ca)).toEqual(called);
    expect(await run(`https://localhost:${port}`, "--cacert", files.ca)).toEqual(called);
    expect(await run(address, "--insecure")).toEqual(called);
  });

  test("refuses a certificate that it cannot trust, or of another name", async () => {
    const { run, address } = await serve(false);
    const untrusted = await run(address, "--tls");
    expect(untrusted).toMatchObject({ code: 14, output: "" });
    expect(untrusted.notes).toMatch(/^UNAVAILABLE \(14\): .*certificate.*\n$/);
    const named = await run(address, "--cacert", files.ca, "--server-name", "other.test");
    expect(named).toMatchObject({ code: 14, output: "" });
  });

  test("mutual TLS", async () => {
    const { run, address } = await serve(true);
    const { cert, key } = files.client;
    expect(await run(address, "--cacert", files.ca, "--cert", cert, "--key", key)).toEqual(called);
    expect(await run(address, "--cacert", files.ca)).toMatchObject({ code: 14, output: "" });
  });

  test("says which side speaks TLS when only one does", async () => {
    const secure = await serve(false);
    const plain = await serveThings();
    const toSecure = await secure.run(secure.address);
    expect(toSecure.code).toBe(14);
    expect(toSecure.notes).toMatch(/the server may require TLS: --tls/);
    const toPlain = await secure.run(plain.address, "--tls");
    expect(toPlain.code).toBe(14);
    expect(toPlain.notes).toMatch(
      /^UNAVAILABLE \(14\): no connection to \S+: [\w: ]+; the server may not speak TLS: --plaintext\n$/,
    );
  });

  test("a file that is no PEM is named", async () => {
    const flags = ["--cacert", files.ca, "--cert", files.ca, "--key", files.ca];
    const { code, notes } = await runCommand(["call", "localhost:1", "a.B/C", "{}", ...flags], {
      cwd,
    });
    expect(code).toBe(64);
    expect(notes).toMatch(/^grpc-service: cannot use .*ca\.crt.*\n$/);
  });
});

test.skipIf(process.platform === "win32")("a Unix socket", async () => {
  const { address } = await serveThings({ address: `unix:${cwd}/socket` });
  const run = await runCommand(["call", address, "Things/Echo", '{"id":1}'], { cwd });
  expect(run).toEqual(called);
});
