import { afterEach, expect, test, vi } from "vitest";
import { run, userEnvironment } from "../../tooling/packed/commands.ts";
import { registryCache, registryDate } from "../../tooling/packed/registry-date.ts";

afterEach(() => vi.unstubAllEnvs());

test("npm installs as of the recorded date", async () => {
  const { stdout } = await run("npm", ["config", "get", "before"], { cwd: import.meta.dirname });
  expect(new Date(stdout)).toEqual(new Date(registryDate));
});

test("npm does not ask again for what tests of this date have fetched", async () => {
  const names = ["cache", "prefer-offline"];
  const get = (name: string) =>
    run("npm", ["config", "get", name], { cwd: import.meta.dirname }).then(({ stdout }) => stdout);
  expect(await Promise.all(names.map(get))).toEqual([registryCache, "true"]);
  expect(registryCache).toContain(registryDate);
});

test("what an outer npm has set does not reach the inner one", () => {
  vi.stubEnv("npm_config_registry", "http://127.0.0.1:1");
  vi.stubEnv("INIT_CWD", "/");
  const environment = userEnvironment({ EXTRA: "1" });
  expect(environment).toMatchObject({ PATH: process.env.PATH, EXTRA: "1" });
  expect(environment).not.toHaveProperty("npm_config_registry");
  expect(environment).not.toHaveProperty("INIT_CWD");
});
