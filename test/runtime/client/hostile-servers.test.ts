import { beforeAll, describe, expect, test } from "vitest";
import { startChild } from "../support/child.ts";
import type { Outcome, Report, Target } from "./support/hostile.ts";
import { hostileAnswers } from "./support/hostile-answers.ts";
import { hostileConnections } from "./support/hostile-connections.ts";
import { startRawServer } from "./support/raw-server.ts";

const behaviours = { ...hostileAnswers, ...hostileConnections };

/** What ends in another way has the time that it takes on a busy machine. */
const timeoutOf = (expected: RegExp) => (expected.test("DEADLINE_EXCEEDED") ? 700 : 60_000);
/** What a call may take beyond its deadline on a busy machine. */
const slackMs = 10_000;

describe("hostile servers", () => {
  let report: Report;

  beforeAll(async () => {
    const targets: Target[] = [];
    for (const [name, behaviour] of Object.entries(behaviours)) {
      const { expected, expectedOfOne = expected } = behaviour;
      const timeoutMs = { one: timeoutOf(expectedOfOne), many: timeoutOf(expected) };
      targets.push({ name, port: await startRawServer(behaviour), timeoutMs });
    }
    const child = startChild(new URL("./processes/hostile-client.ts", import.meta.url));
    child.process.send(targets);
    // The child says nothing else.
    report = (await child.next()) as Report;
  }, 300_000);

  test("nothing is uncaught", () => {
    expect(report.uncaught).toEqual([]);
  });

  test.each(Object.entries(behaviours))("%s", (name, { expected, expectedOfOne = expected }) => {
    const outcomes: Outcome[] = report.outcomes[name] ?? [];
    expect(outcomes).toHaveLength(8);
    for (const outcome of outcomes) {
      const one = outcome.pattern === "unary" || outcome.pattern === "clientStream";
      expect(outcome.result, JSON.stringify(outcome)).toMatch(one ? expectedOfOne : expected);
      expect(outcome.ms, JSON.stringify(outcome)).toBeLessThan(outcome.timeoutMs + slackMs);
      expect(outcome.text).not.toMatch(/undefined|\[object/);
    }
  });
});
