import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

interface Job {
  readonly services?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

test.each([
  { flags: ["--starter=user", "--postgres", "--redis"], servers: ["postgres"] },
  { flags: ["--starter=data", "--postgres"], servers: ["postgres"] },
  { flags: ["--starter=chat", "--redis"], servers: ["redis"] },
  { flags: ["--starter=user", "--no-postgres", "--redis"], servers: [] },
  { flags: ["--proto=shop.proto", "--postgres", "--redis"], servers: [] },
])("CI starts the servers that tests use, and no others: $flags", async ({ flags, servers }) => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "shop.proto": proto("shop", "rpc Get(M) returns (M);") });
  expect((await run(["demo", ...quick, ...flags], { cwd })).code).toBe(0);
  const text = await readFile(join(cwd, "demo/.github/workflows/ci.yml"), "utf8");
  const { check } = (load(text) as { jobs: { check: Job } }).jobs;
  expect(Object.keys(check.services ?? {})).toEqual(servers);
  const tests = [...(await readFiles(join(cwd, "demo/test")))].map(([, content]) => content);
  for (const name of Object.keys(check.env ?? {})) expect(tests.join("\n")).toContain(name);
  expect(Object.keys(check.env ?? {})).toHaveLength(servers.length);
});
