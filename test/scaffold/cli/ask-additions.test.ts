import { expect, test, vi } from "vitest";
import { askAdditions } from "../../../src/scaffold/cli/ask-additions.ts";
import { UsageError } from "../../../src/terminal/errors.ts";
import type { Host } from "../../../src/terminal/host.ts";
import { inject } from "./scripted-prompts.ts";

vi.mock("prompts", () => import("./scripted-prompts.ts"));

const manifest = { title: "", description: "", isDefault: false, additions: [], requires: [] };
const catalog = {
  starters: [
    { ...manifest, name: "sensor", additions: ["db"], requires: ["db"] },
    { ...manifest, name: "shop", additions: ["db"] },
  ],
  additions: ["cache", "db"].map((name) => ({ ...manifest, name })),
};
const host: Host = {
  cwd: "/",
  env: {},
  interactive: true,
  columns: 80,
  signal: new AbortController().signal,
  print: () => {},
  note: () => {},
};

function choose(starter: string, flags: Record<string, boolean>, asking = false) {
  return askAdditions(
    { additions: new Map(Object.entries(flags)) },
    host,
    asking,
    catalog,
    starter,
  );
}

test.each([
  ["sensor", {}, ["db"]],
  ["sensor", { cache: true }, ["cache", "db"]],
  ["sensor", { db: true }, ["db"]],
  ["shop", {}, ["db"]],
  ["shop", { db: false }, []],
  ["", {}, []],
])("the starter %j with the flags %j has %j", async (starter, flags, chosen) => {
  expect(await choose(starter, flags)).toEqual(chosen);
});

test("prompts for what the starter does not require", async () => {
  inject([["cache"]]);
  expect(await choose("sensor", {}, true)).toEqual(["cache", "db"]);
  inject([[]]);
  expect(await choose("sensor", {}, true)).toEqual(["db"]);
});

test("refuses to leave out what the starter requires", async () => {
  const refusal = choose("sensor", { db: false });
  await expect(refusal).rejects.toThrow(UsageError);
  await expect(refusal).rejects.toThrow(
    "the starter sensor requires db: leave out --no-db, or use another starter",
  );
});
