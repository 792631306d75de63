import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  defineConfig,
  readClientConfig,
  readServiceConfig,
} from "../../../../runtime/src/config/index.ts";
import { checkSettings } from "../../../../src/commands/doctor/checks/settings.ts";
import { inspectSettings } from "../../../../src/commands/doctor/inspect/settings.ts";
import { readVariables, type Variables } from "../../../../src/commands/project/variables.ts";
import { temporaryFolder } from "../../../scaffold/support.ts";

const service = { name: "greeter", version: "0.1.0" };
const code = {
  loadConfig: defineConfig((env) => readServiceConfig(env, service)),
  loadClientConfig: defineConfig((env) => readClientConfig(env, service)),
};

/** What the doctor finds in `root`, with the settings that the code of a project has. */
function checkIn(root: string, env: Variables) {
  const { settings } = inspectSettings(code, readVariables(root, env));
  return checkSettings(root, env, settings);
}

async function projectWith(dotEnv: string, mode = 0o600): Promise<string> {
  const root = await temporaryFolder();
  writeFileSync(join(root, ".env.example"), "ADDRESS=127.0.0.1:50051\n# MY_LIBRARY_LEVEL=info\n");
  writeFileSync(join(root, ".env"), dotEnv);
  chmodSync(join(root, ".env"), mode);
  return root;
}

const check = async (dotEnv: string, mode?: number) => checkIn(await projectWith(dotEnv, mode), {});

test("what the server accepts is healthy", async () => {
  expect(await check("ADDRESS=127.0.0.1:0\nLOG_LEVEL=debug\n")).toEqual([
    { status: "ok", message: "valid; all from .env" },
  ]);
  expect(checkIn(await temporaryFolder(), {})).toEqual([
    { status: "ok", message: "valid; all have their defaults (there is no .env)" },
  ]);
});

test("what the environment sets is named, without its value", async () => {
  const variables = { AUTH_JWT_SECRET: "hunter2".repeat(5), PATH: "/bin", LOG_LEVEL: "" };
  expect(checkIn(await temporaryFolder(), variables)).toEqual([
    { status: "ok", message: "valid; AUTH_JWT_SECRET from the environment (there is no .env)" },
  ]);
  const root = await projectWith("ADDRESS=127.0.0.1:0\n");
  expect(checkIn(root, { ...variables, ADDRESS: "127.0.0.1:0" })).toEqual([
    { status: "ok", message: "valid; AUTH_JWT_SECRET from the environment, the rest from .env" },
  ]);
});

test("each setting that keeps the server from starting is a failure", async () => {
  expect(await check("ADDRESS=nowhere\nLOG_LEVEL=loud\n")).toEqual([
    { status: "failure", message: expect.stringMatching(/^ADDRESS /), remedy: "see .env.example" },
    {
      status: "failure",
      message: expect.stringMatching(/^LOG_LEVEL /),
      remedy: "see .env.example",
    },
  ]);
});

test("an unknown name in .env is a warning", async () => {
  expect(await check("LOGLEVEL=debug\nMY_LIBRARY_LEVEL=info\nZZZZ=1\n")).toEqual([
    {
      status: "warning",
      message: "Unknown setting LOGLEVEL in .env. Typo?",
      remedy: "did you mean LOG_LEVEL?",
    },
    { status: "warning", message: "Unknown setting ZZZZ in .env. Typo?" },
  ]);
});

test("names of docker-compose.yml are known", async () => {
  const root = await projectWith("POSTGRES_PASSWORD=x\n");
  writeFileSync(join(root, "docker-compose.yml"), "environment: [POSTGRES_PASSWORD]\n");
  expect(checkIn(root, {})).toMatchObject([{ status: "ok" }]);
});

test.skipIf(process.platform === "win32")("a file that others can read is a warning", async () => {
  expect(await check("ADDRESS=127.0.0.1:0\n", 0o644)).toEqual([
    {
      status: "warning",
      message: "other users of this machine can read .env",
      remedy: "chmod 600 .env",
    },
  ]);
});

test("variables that are set win over the file", async () => {
  const root = await projectWith("LOG_LEVEL=loud\n");
  const findings = checkIn(root, { LOG_LEVEL: "info" });
  expect(findings.filter(({ status }) => status === "failure")).toEqual([]);
});

test("without the project's code, only the mode of .env is checked", async () => {
  const root = await projectWith("ADRESS=nowhere\n", 0o644);
  const warnings = process.platform === "win32" ? [] : [{ status: "warning" }];
  expect(checkSettings(root, {}, undefined)).toMatchObject([
    { status: "skipped", message: "not checked: fix the code first" },
    ...warnings,
  ]);
});
