import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkSettings, readVariables } from "../../scripts/doctor/settings.ts";
import { temporaryFolders } from "../temporary-folders.ts";

const temporaryFolder = temporaryFolders();

function check(dotEnv: string, mode = 0o600) {
  const root = temporaryFolder();
  writeFileSync(join(root, ".env.example"), "ADDRESS=127.0.0.1:50051\n# LOG_LEVEL=info\n");
  writeFileSync(join(root, ".env"), dotEnv);
  chmodSync(join(root, ".env"), mode);
  return checkSettings(root, readVariables(root, {}));
}

test("what the server accepts is healthy", () => {
  expect(check("ADDRESS=127.0.0.1:0\nLOG_LEVEL=debug\n")).toEqual([
    { status: "ok", message: "accepted; all from .env" },
  ]);
  expect(checkSettings(temporaryFolder(), {})).toEqual([
    { status: "ok", message: "accepted; the defaults: there is no .env" },
  ]);
});

test("what the environment sets is named, without its value", () => {
  const variables = { AUTH_JWT_SECRET: "hunter2".repeat(5), PATH: "/bin", LOG_LEVEL: "" };
  expect(checkSettings(temporaryFolder(), variables)).toEqual([
    { status: "ok", message: "accepted; AUTH_JWT_SECRET from the environment; there is no .env" },
  ]);
});

test("what keeps the server from starting fails, one finding for each variable", () => {
  expect(check("ADDRESS=nowhere\nLOG_LEVEL=loud\n")).toEqual([
    { status: "failure", message: expect.stringMatching(/^ADDRESS /), remedy: expect.any(String) },
    {
      status: "failure",
      message: expect.stringMatching(/^LOG_LEVEL /),
      remedy: expect.any(String),
    },
  ]);
});

test("a misspelt variable is a warning", () => {
  expect(check("ADRESS=127.0.0.1:0\n")).toMatchObject([
    { status: "warning", message: expect.stringMatching(/^ADRESS in \.env /) },
  ]);
});

test.skipIf(process.platform === "win32")("a file that others can read is a warning", () => {
  expect(check("ADDRESS=127.0.0.1:0\n", 0o644)).toMatchObject([
    { status: "warning", remedy: "chmod 600 .env" },
  ]);
});

test("variables that are set win over the file", () => {
  const root = temporaryFolder();
  writeFileSync(join(root, ".env"), "LOG_LEVEL=loud\n");
  const variables = readVariables(root, { LOG_LEVEL: "info" });
  expect(checkSettings(root, variables).filter(({ status }) => status === "failure")).toEqual([]);
});
