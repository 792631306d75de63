import { afterEach, expect, test } from "vitest";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { type AuditRecord, audit, auditLog } from "../src/interceptors/audit.ts";
import { auth } from "../src/interceptors/auth.ts";
import { requestId } from "../src/interceptors/request-id.ts";
import { implementPatterns, patternCalls, patternMethods } from "./four-patterns.ts";
import { recordingLogger, startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
afterEach(() => server.close());

const clock = () => new Date("2030-01-01T00:00:00Z");

async function start(sink: (record: AuditRecord) => void, work: () => unknown = () => {}) {
  const authenticate = async (subject: string) => {
    if (subject === "mallory") throw new GrpcError("UNAUTHENTICATED", "not you");
    return { subject, scopes: [] };
  };
  server = await startTestServer(
    [implementPatterns(work)],
    [
      requestId({ serverVersion: "1" }),
      audit({ sink, clock }),
      auth({ authenticate, methods: patternMethods }),
    ],
  );
}

const as = (name: string) => ({
  metadata: { authorization: `Bearer ${name}`, "x-request-id": "order-42" },
});

test.each(patternCalls)("%s: who, what and how it ended", async (name, call) => {
  const records: AuditRecord[] = [];
  await start((record) => records.push(record));
  await call(server.channel, as("ada"));
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

test.each(patternCalls)("%s: refused and failed calls are on record", async (_name, call) => {
  const records: AuditRecord[] = [];
  const work = () => {
    throw new Error("a bug");
  };
  await start((record) => records.push(record), work);
  await call(server.channel, as("mallory")).catch(() => {});
  await call(server.channel).catch(() => {});
  await call(server.channel, as("ada")).catch(() => {});
  expect(records.map(({ subject, code }) => [subject, code])).toEqual([
    [undefined, "UNAUTHENTICATED"],
    [undefined, "UNAUTHENTICATED"],
    ["ada", "INTERNAL"],
  ]);
});

test("the log can take the records", async () => {
  const { logger, lines } = recordingLogger();
  await start(auditLog(logger));
  for (const [, call] of patternCalls) await call(server.channel, as("ada"));
  expect(lines).toHaveLength(patternCalls.length);
  expect(lines[0]).toMatchObject({ audit: true, subject: "ada", code: "OK" });
});

test("a call that cannot be recorded fails, and the process lives", async () => {
  await start(() => {
    throw new Error("disk full");
  });
  const [[, unary] = []] = patternCalls;
  for (const _ of [1, 2]) {
    await expect(unary?.(server.channel, as("ada"))).rejects.toMatchObject({ code: "INTERNAL" });
  }
});
