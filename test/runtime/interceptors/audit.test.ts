import { expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { auth } from "../../../runtime/src/interceptors/auth/index.ts";
import {
  type AuditRecord,
  audit,
  auditLog,
  requestId,
} from "../../../runtime/src/interceptors/index.ts";
import { implementPatterns, patternCalls, unaryCall } from "../support/four-patterns.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { serve } from "../support/serve.ts";

const clock = () => new Date("2030-01-01T00:00:00Z");

async function start(sink: (record: AuditRecord) => void, work: () => unknown = () => {}) {
  const authenticate = async (subject: string) => {
    if (subject === "mallory") throw new GrpcError("UNAUTHENTICATED", "not you");
    return { subject, scopes: [] };
  };
  const { channel } = await serve(
    [implementPatterns(work)],
    [requestId({ serverVersion: "1" }), audit({ sink, clock }), auth({ authenticate })],
  );
  return channel;
}

const as = (name: string) => ({
  metadata: { authorization: `Bearer ${name}`, "x-request-id": "order-42" },
});

test.each(patternCalls)("%s: a record has caller, method and status", async (name, call) => {
  const records: AuditRecord[] = [];
  const channel = await start((record) => records.push(record));
  await call(channel, as("ada"));
  expect(records).toEqual([
    {
      startedAt: "2030-01-01T00:00:00.000Z",
      requestId: "order-42",
      method: `/test.Patterns/${name}`,
      subject: "ada",
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      code: "OK",
      durationMs: expect.any(Number),
    },
  ]);
});

test.each(patternCalls)("%s: refused and failed calls are recorded", async (_name, call) => {
  const records: AuditRecord[] = [];
  const work = () => {
    throw new Error("a bug");
  };
  const channel = await start((record) => records.push(record), work);
  await call(channel, as("mallory")).catch(() => {});
  await call(channel).catch(() => {});
  await call(channel, as("ada")).catch(() => {});
  expect(records.map(({ subject, code }) => [subject, code])).toEqual([
    [undefined, "UNAUTHENTICATED"],
    [undefined, "UNAUTHENTICATED"],
    ["ada", "INTERNAL"],
  ]);
});

test("auditLog writes the records to the log", async () => {
  const { logger, lines } = recordingLogger();
  const channel = await start(auditLog(logger));
  for (const [, call] of patternCalls) await call(channel, as("ada"));
  expect(lines).toHaveLength(patternCalls.length);
  expect(lines[0]).toMatchObject({ audit: true, subject: "ada", code: "OK" });
});

test("a call that cannot be recorded fails, and the process lives", async () => {
  const channel = await start(() => {
    throw new Error("disk full");
  });
  for (const _ of [1, 2]) {
    await expect(unaryCall(channel, as("ada"))).rejects.toMatchObject({ code: "INTERNAL" });
  }
});
