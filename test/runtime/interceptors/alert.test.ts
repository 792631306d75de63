import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import {
  alert,
  type Incident,
  type Notify,
  recovery,
} from "../../../runtime/src/interceptors/index.ts";
import { implementPatterns, patternCalls, unaryCall } from "../support/four-patterns.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { serve } from "../support/serve.ts";

async function start(work: () => unknown, notify: Notify, intervalMs?: number) {
  const { logger, lines } = recordingLogger();
  const interceptors = [
    recovery({ logger }),
    alert({ notify, logger, ...(intervalMs !== undefined && { intervalMs }) }),
  ];
  const { channel } = await serve([implementPatterns(work)], interceptors);
  return { channel, lines };
}

function explode(): never {
  throw new Error("a bug");
}

test.each(patternCalls)("%s: a bug is reported with its cause", async (name, call) => {
  const incidents: Incident[] = [];
  const { channel } = await start(explode, (incident) => void incidents.push(incident));
  await expect(call(channel)).rejects.toMatchObject({ code: "INTERNAL" });
  await expect
    .poll(() => incidents)
    .toMatchObject([
      {
        method: `/test.Patterns/${name}`,
        code: "INTERNAL",
        error: { message: "a bug" },
        suppressed: 0,
      },
    ]);
});

test.each(patternCalls)("%s: a refusal is not reported", async (_name, call) => {
  const incidents: Incident[] = [];
  const refuse = () => {
    throw new GrpcError("NOT_FOUND", "nothing here");
  };
  const { channel } = await start(refuse, (incident) => void incidents.push(incident));
  await expect(call(channel)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await new Promise(setImmediate);
  expect(incidents).toEqual([]);
});

test.each(patternCalls)("%s: the call does not wait for notify", async (_name, call) => {
  let notified = false;
  const { channel } = await start(explode, () => {
    notified = true;
    return new Promise(() => {}); // never settles
  });
  await expect(call(channel)).rejects.toMatchObject({ code: "INTERNAL" });
  await expect.poll(() => notified).toBe(true);
});

test("equal incidents are reported once per interval, with their number", async () => {
  const suppressedCounts: number[] = [];
  const { channel } = await start(
    explode,
    ({ suppressed }) => void suppressedCounts.push(suppressed),
    1000,
  );
  for (let i = 0; i < 5; i += 1) await unaryCall(channel).catch(() => {});
  await expect.poll(() => suppressedCounts).toEqual([0]);
  await setTimeout(1100);
  await unaryCall(channel).catch(() => {});
  await expect.poll(() => suppressedCounts).toEqual([0, 4]);
});

test("the statuses to report can be chosen", async () => {
  const codes: string[] = [];
  const { logger } = recordingLogger();
  const refuse = () => {
    throw new GrpcError("RESOURCE_EXHAUSTED", "quota used up");
  };
  const notify = ({ code }: Incident) => void codes.push(code);
  const { channel } = await serve(
    [implementPatterns(refuse)],
    [alert({ notify, logger, codes: ["RESOURCE_EXHAUSTED"] })],
  );
  await expect(unaryCall(channel)).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  await expect.poll(() => codes).toEqual(["RESOURCE_EXHAUSTED"]);
});

test.each([
  ["throws", () => explode()],
  ["rejects", async () => explode()],
])("a notify that %s is logged, and the process lives", async (_what, notify) => {
  const { channel, lines } = await start(explode, notify);
  for (const [, call] of patternCalls) {
    await expect(call(channel)).rejects.toMatchObject({ code: "INTERNAL" });
  }
  const failures = () => lines.filter(({ msg }) => msg === "notify failed");
  await expect.poll(failures).toHaveLength(patternCalls.length);
});
