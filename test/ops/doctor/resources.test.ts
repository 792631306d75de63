import { expect, test } from "vitest";
import { checkResources } from "../../scripts/doctor/resources.ts";
import type { Resource } from "../../src/resource.ts";

test("what does not work fails, unless the server does without; all are closed", async () => {
  const closed: string[] = [];
  const resource = (name: string, rest: Partial<Resource>): Resource => ({
    ...rest,
    close: async () => void closed.push(name),
  });
  const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  const findings = await checkResources({
    good: resource("good", { check: async () => {} }),
    bad: resource("bad", { check: () => Promise.reject(refused) }),
    optional: resource("optional", { optional: true, check: () => Promise.reject(refused) }),
    silent: resource("silent", {}),
  });
  const remedy = "start it, or correct in the settings where it is";
  expect(findings).toEqual([
    { status: "ok", message: "good works" },
    { status: "failure", message: "bad does not work: ECONNREFUSED", remedy },
    { status: "warning", message: "optional does not work: ECONNREFUSED", remedy },
    { status: "skipped", message: "silent has no health check" },
  ]);
  expect(closed.sort()).toEqual(["bad", "good", "optional", "silent"]);
});

test("a server that depends on nothing", async () => {
  expect(await checkResources({})).toMatchObject([{ status: "skipped" }]);
});
