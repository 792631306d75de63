import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { splitAddress } from "../../../../src/commands/doctor/address.ts";
import { checkPort } from "../../../../src/commands/doctor/checks/port.ts";
import { temporaryFolder } from "../../../scaffold/support.ts";

let other: Server | undefined;
afterEach(() => other?.close());

async function occupyPort(): Promise<string> {
  other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `127.0.0.1:${address.port}`;
}

test("a port in use fails, and the process that uses it is named", async () => {
  const address = await occupyPort();
  const finding = await checkPort("ADDRESS", address, { ours: false });
  expect(finding).toMatchObject({
    status: "failure",
    remedy: "stop it, or set ADDRESS to another port",
  });
  expect(finding.message).toContain(`${address} is in use by pid ${process.pid} (`);
  expect(await checkPort("ADDRESS", address, { ours: true })).toMatchObject({ status: "ok" });
});

test("of the process, program and script are named, but no argument: it may be a secret", async () => {
  const script = join(await temporaryFolder(), "main.mjs");
  const listen = `import { createServer } from "node:net";
    const server = createServer().listen(0, "127.0.0.1", () => console.log(server.address().port));`;
  await writeFile(script, listen);
  const args = ["--import", "data:text/javascript,0", script, "--token=secret", "other.js"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  const [port] = await once(child.stdout, "data");
  const { message } = await checkPort("ADDRESS", `127.0.0.1:${Number(port)}`, { ours: false });
  expect(message).toMatch(
    new RegExp(` is in use by pid ${child.pid} \\(node(?:\\.exe)?(?: main\\.mjs)?\\)$`),
  );
  if (process.platform === "linux") expect(message).toMatch(/\(node main\.mjs\)$/);
});

test("a free port is reported as free", async () => {
  const address = await occupyPort();
  other?.close();
  expect(await checkPort("ADDRESS", address, { ours: false })).toEqual({
    status: "ok",
    message: `${address} is free`,
  });
  expect(await checkPort("ADDRESS", "127.0.0.1:0", { ours: false })).toMatchObject({
    status: "skipped",
  });
});

test("an address of another machine fails", async () => {
  expect(await checkPort("ADDRESS", "192.0.2.1:50051", { ours: false })).toMatchObject({
    status: "failure",
    message: expect.stringMatching(/^cannot listen on 192\.0\.2\.1:50051: .*EADDRNOTAVAIL/),
  });
});

test("an IPv6 host loses its brackets", () => {
  expect(splitAddress("[::1]:50051")).toEqual({ host: "::1", port: 50051 });
});
