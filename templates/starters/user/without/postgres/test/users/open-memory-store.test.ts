import { pino } from "pino";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { openMemoryStore } from "../../src/users/open-memory-store.ts";

test("production keeps users in memory only if MEMORY_STORE asks for it", () => {
  const load = (variables: Record<string, string>) =>
    loadConfig({ ENV: "production", ...variables });
  expect(() => load({})).toThrow(/^MEMORY_STORE must be on /m);
  expect(() => load({ MEMORY_STORE: "on" })).not.toThrow(/MEMORY_STORE/);
});

test.each([
  ["development", [30]], // info
  ["production", [40]], // warn
  ["test", []],
] as const)("%s logs that users will be lost at the levels %j", (environment, levels) => {
  const lines: string[] = [];
  openMemoryStore({ environment }, pino({}, { write: (line) => void lines.push(line) }));
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    levels.map((level) => expect.objectContaining({ level, msg: expect.stringMatching(/lost/) })),
  );
});
