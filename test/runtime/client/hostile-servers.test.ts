import { beforeAll, describe, expect, test } from "vitest";
import { startChild } from "./support/child.ts";
import type { Outcome, Report, Target } from "./support/hostile.ts";
import { hostileAnswers } from "./support/hostile-answers.ts";
import { hostileConnections } from "./support/hostile-connections.ts";
import { startRawServer } from "./support/raw-server.ts";

const behaviours = { ...hostileAnswers, ...hostileConnections };

describe("hostile servers", () => {
  let report: Report;

  beforeAll(async () => {
    const targets: Target[] = [];
    for (const [name, behaviour] of Object.entries(behaviours)) {
      targets.push({ name, port: await startRawServer(behaviour) });
    }
    const child = startChild("hostile-client");
    child.process.send(targets);
    // The child says nothing else.
    report = (await child.next()) as Report;
  }, 120_000);

  test("nothing is uncaught", () => {
    expect(report.uncaught).toEqual([]);
  });

  test.each(Object.entries(behaviours))("%s", (name, { expected, expectedOfOne = expected }) => {
    const outcomes: Outcome[] = report.outcomes[name] ?? [];
    expect(outcomes).toHaveLength(8);
    for (const outcome of outcomes) {
      const one = outcome.pattern === "unary" || outcome.pattern === "clientStream";
      expect(outcome.result, JSON.stringify(outcome)).toMatch(one ? expectedOfOne : expected);
      // The deadline is 700 ms; what is on top is for a busy machine.
      expect(outcome.ms, JSON.stringify(outcome)).toBeLessThan(5_000);
      expect(outcome.text).not.toMatch(/undefined|\[object/);
    }
  });
});
