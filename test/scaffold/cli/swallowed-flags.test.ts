import { readdir } from "node:fs/promises";
import { beforeEach, expect, test } from "vitest";
import { proto, quick, run, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  await writeFiles(cwd, { "a.proto": proto("a") });
});

/** What npm 11 leaves of `npm create grpc-service` with these flags and no `--`. */
const npm = { npm_command: "exec", npm_config_yes: "true", npm_config_git: "/usr/bin/git" };

test.each([
  [["svc", "a.proto"], { npm_config_proto: "true" }, "--proto, --yes"],
  [["svc"], { npm_config_proto: "a.proto", npm_config_git: "false" }, "--proto, --no-git, --yes"],
  [["svc", "third"], { npm_config_i: "true" }, "--import-path, --yes"],
  [["svc"], { npm_config_dry_run: "true", npm_config_force: "true" }, "--yes, --force, --dry-run"],
  [["svc"], { npm_config_redis: "" }, "--no-redis, --yes"],
  [["svc"], { npm_config_package_manager: "pnpm" }, "--package-manager, --yes"],
])("%j with %j is refused with what to type", async (args, taken, names) => {
  const env = { ...npm, ...taken };
  expect(await run(args, { cwd, env })).toEqual({
    code: 2,
    output: "",
    notes: `create-grpc-service: npm took ${names} for itself; put -- before the flags: npm create grpc-service [dir] -- [flags]\n`,
  });
  expect(await readdir(cwd)).toEqual(["a.proto"]);
});

test("flags behind -- are fine, whatever npm is configured to do", async () => {
  const env = { ...npm, npm_config_force: "true", npm_config_runtime: "electron" };
  const args = ["svc", "--proto", "a.proto", "--dry-run", ...quick];
  expect(await run(args, { cwd, env })).toMatchObject({ code: 0, notes: "" });
  // An outer npm passes its flags on to scripts, which may pass them on to us.
  const twice = { ...env, npm_config_proto: "a.proto", npm_config_dry_run: "true" };
  expect(await run(args, { cwd, env: twice })).toMatchObject({ code: 0, notes: "" });
});

test("--yes alone, without a terminal", async () => {
  expect(await run(["svc"], { cwd, env: npm })).toMatchObject({
    code: 2,
    notes: expect.stringMatching(
      /or --yes for the defaults; npm takes flags that are not behind -- for itself\n$/,
    ),
  });
});
