import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { SendTurns } from "../../../runtime/src/server/send-turns.ts";

/** Sends without a pause until the turn is over. @returns what to wait for; undefined after a second */
function send(turns: SendTurns): Promise<void> | undefined {
  const end = performance.now() + 1_000;
  while (performance.now() < end) {
    const turn = turns.next();
    if (turn !== undefined) return turn;
  }
  return undefined;
}

test("a stream that sends without end lets the event loop have its turn", async () => {
  const turns = new SendTurns();
  const events: string[] = [];
  const other = setImmediate().then(() => events.push("another"));
  const turn = send(turns);
  expect(turn).toBeInstanceOf(Promise);
  await turn?.then(() => events.push("the stream"));
  await other;
  expect(events).toEqual(["another", "the stream"]);
});

test("few of many streams go on in a turn, and all of them in the end", async () => {
  const turns = new SendTurns();
  let resumed = 0;
  const waiting = Array.from({ length: 200 }, () => {
    const turn = send(turns);
    expect(turn).toBeInstanceOf(Promise);
    return turn?.then(() => {
      resumed += 1;
    });
  });
  const counts: number[] = [];
  while (resumed < waiting.length) {
    await setImmediate();
    counts.push(resumed);
  }
  const steps = counts.map((count, index) => count - (counts[index - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(64);
});
