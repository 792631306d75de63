import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  defineConfig,
  envExample,
  readClientConfig,
  readServiceConfig,
  type Setting,
  settingsTable,
} from "../../../runtime/src/config/index.ts";

const service = { name: "shop", version: "1" };
const loadConfig = defineConfig((env) => readServiceConfig(env, service));
const loadClientConfig = defineConfig((env) => readClientConfig(env, service));
const settings = [...loadConfig.describe(), ...loadClientConfig.describe()];

const few: Setting[] = [
  { section: "Server", name: "ADDRESS", about: "Address to listen on.", fallback: "[::]:50051" },
  { section: "Server", name: "TOKEN", about: "Token of callers.", fallback: "" },
  { section: "Client", name: "ADDRESS", about: "Address to call.", fallback: "[::1]:50051" },
  { section: "Client", name: "RETRIES", about: "Retries per call.", fallback: "3" },
];

// `npx vitest run test/runtime/config -u` updates the file.
test("the settings of servers and clients, as .env.example lists them", async () => {
  await expect(envExample(settings)).toMatchFileSnapshot("env-example.golden.txt");
});

test(".env.example has one entry per setting, under the heading of its section", () => {
  expect(envExample(few)).toBe(
    `# npx grpc-service secrets creates .env from this file. Put your values there.
# Environment variables win over this file. An empty value counts as not set.

## Server
# Address to listen on.
ADDRESS=[::]:50051
# Token of callers.
TOKEN=

## Client
# Retries per call.
RETRIES=3
`,
  );
});

test("settings that hardly a service changes are not in .env.example, but in the README", () => {
  const unlisted = settings.filter(({ isListed }) => isListed === false);
  const readme = readFileSync(join(import.meta.dirname, "../../../runtime/README.md"), "utf8");
  expect(unlisted.map(({ name }) => name)).toContain("KEEPALIVE_TIME_MS");
  for (const { name } of unlisted) expect(envExample(settings)).not.toContain(`${name}=`);
  expect(readme).toContain(settingsTable(unlisted));
});

test("the table has one row per setting", () => {
  expect(settingsTable(few)).toBe(
    [
      "| `ADDRESS` | `[::]:50051` | Address to listen on. |",
      "| `TOKEN` |  | Token of callers. |",
      "| `RETRIES` | `3` | Retries per call. |",
    ].join("\n"),
  );
});

test("a copied .env.example gives the defaults", () => {
  const lines = envExample(settings).matchAll(/^(\w+)=(.*)$/gm);
  const variables = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
  expect(loadConfig(variables)).toEqual(loadConfig({}));
  expect(loadClientConfig(variables)).toEqual(loadClientConfig({}));
});
