import { afterEach, expect, test } from "vitest";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { alert, type Incident, type Notify } from "../src/interceptors/alert.ts";
import { recovery } from "../src/interceptors/recovery.ts";
import { implementPatterns, patternCalls } from "./four-patterns.ts";
import { recordingLogger, startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
afterEach(() => server.close());

async function start(work: () => unknown, notify: Notify, intervalMs?: number) {
  const { logger, lines } = recordingLogger();
  const layers = [
    recovery({ logger }),
    alert({ notify, logger, ...(intervalMs !== undefined && { intervalMs }) }),
  ];
  server = await startTestServer([implementPatterns(work)], layers);
  return lines;
}

function explode(): never {
  throw new Error("a bug");
}

test.each(patternCalls)("%s: a bug is told, with its cause", async (name, call) => {
  const told: Incident[] = [];
  await start(explode, (incident) => void told.push(incident));
  await expect(call(server.channel)).rejects.toMatchObject({ code: "INTERNAL" });
  await expect
    .poll(() => told)
    .toMatchObject([
      {
        method: `/test.Patterns/${name}`,
        code: "INTERNAL",
        error: { message: "a bug" },
        suppressed: 0,
      },
    ]);
});

test.each(patternCalls)("%s: a refusal is not", async (_name, call) => {
  const told: Incident[] = [];
  const refuse = () => {
    throw new GrpcError("NOT_FOUND", "nothing here");
  };
  await start(refuse, (incident) => void told.push(incident));
  await expect(call(server.channel)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await new Promise(setImmediate);
  expect(told).toEqual([]);
});

test.each(patternCalls)("%s: nobody waits for it", async (_name, call) => {
  let told = false;
  await start(explode, () => {
    told = true;
    return new Promise(() => {}); // never done
  });
  await expect(call(server.channel)).rejects.toMatchObject({ code: "INTERNAL" });
  await expect.poll(() => told).toBe(true);
});

test("incidents alike are told once in a while, with their number", async () => {
  const [[, unary] = []] = patternCalls;
  const told: number[] = [];
  await start(explode, ({ suppressed }) => void told.push(suppressed), 1000);
  for (let i = 0; i < 5; i += 1) await unary?.(server.channel).catch(() => {});
  await expect.poll(() => told).toEqual([0]);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await unary?.(server.channel).catch(() => {});
  await expect.poll(() => told).toEqual([0, 4]);
});

test.each([
  ["throws", () => explode()],
  ["rejects", async () => explode()],
])("a hook that %s is logged, and the process lives", async (_what, notify) => {
  const lines = await start(explode, notify);
  for (const [, call] of patternCalls) {
    await expect(call(server.channel)).rejects.toMatchObject({ code: "INTERNAL" });
  }
  const messages = () => lines.filter(({ msg }) => msg === "nobody could be alerted");
  await expect.poll(messages).toHaveLength(patternCalls.length);
});
