import { expect, test } from "vitest";
import type { Resource } from "../../../../runtime/src/app/index.ts";
import { checkResources } from "../../../../src/commands/doctor/inspect/resources.ts";

test("a resource that does not work fails unless it is optional; all are closed", async () => {
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
    none: undefined,
  });
  const remedy = "start it, or correct its settings";
  expect(findings).toEqual([
    { status: "ok", message: "good works" },
    { status: "failure", message: "bad does not work: ECONNREFUSED", remedy },
    { status: "warning", message: "optional does not work: ECONNREFUSED", remedy },
    { status: "skipped", message: "silent has no health check" },
  ]);
  expect(closed.sort()).toEqual(["bad", "good", "optional", "silent"]);
});

test("a service without resources", async () => {
  expect(await checkResources({})).toMatchObject([{ status: "skipped" }]);
});

test("a check that ignores its signal fails at the time limit", async () => {
  const stuck = { check: () => new Promise<never>(() => {}), close: async () => {} };
  expect(await checkResources({ stuck }, 50)).toMatchObject([
    { status: "failure", message: "stuck does not work: no answer within 50 ms" },
  ]);
});
