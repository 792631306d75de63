import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { bindClient } from "../../../runtime/src/client/index.ts";
import { HealthRegistry, healthServiceDefinition } from "../../../runtime/src/health/index.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { logging } from "../../../runtime/src/interceptors/index.ts";
import { implementPatterns, patternCalls, unaryCall } from "../support/four-patterns.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { serve } from "../support/serve.ts";

test.each(patternCalls)("%s: start and end, with code and duration", async (name, call) => {
  const { logger, lines } = recordingLogger();
  const { channel } = await serve([implementPatterns(() => {})], [logging({ logger })]);
  await call(channel);

  const method = `/test.Patterns/${name}`;
  expect(lines).toMatchObject([
    { level: "debug", msg: "call started", method },
    { level: "info", msg: "call ended", method, code: "OK", durationMs: expect.any(Number) },
  ]);
});

test.each(patternCalls)(
  "%s: a failure is logged with its code, and with its text at debug level only",
  async (_name, call) => {
    const { logger, lines } = recordingLogger();
    const handlers = implementPatterns(() => {
      throw new GrpcError("ALREADY_EXISTS", "hong@example.com is taken");
    });
    const { channel } = await serve([handlers], [logging({ logger })]);
    await expect(call(channel)).rejects.toMatchObject({ code: "ALREADY_EXISTS" });

    const ended = { msg: "call ended", code: "ALREADY_EXISTS" };
    expect(lines.at(-1)).toMatchObject({ ...ended, text: "hong@example.com is taken" });
    logger.level = "info";
    lines.length = 0;
    await expect(call(channel)).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
    expect(lines).toMatchObject([ended]);
    expect(JSON.stringify(lines)).not.toContain("hong@example.com");
  },
);

test.each(patternCalls)("%s: a wait that the end of the call breaks off", async (_name, call) => {
  const { logger, lines } = recordingLogger();
  // The caller's deadline may reach the server as a cancellation: by a millisecond.
  const reasons: string[] = [];
  const handlers = implementPatterns(async ({ signal }) => {
    signal.addEventListener("abort", () => reasons.push(signal.reason.code));
    await setTimeout(60_000, undefined, { signal });
  });
  const { channel } = await serve([handlers], [logging({ logger })]);
  const codes = () => lines.flatMap(({ code }) => (code === undefined ? [] : [code]));
  await expect(call(channel, { timeoutMs: 100 })).rejects.toThrow("DEADLINE_EXCEEDED");
  await expect.poll(codes).toHaveLength(1);
  await expect(call(channel, { signal: AbortSignal.timeout(100) })).rejects.toThrow("CANCELLED");
  await expect.poll(codes).toHaveLength(2);
  expect(codes()).toEqual(reasons);
});

test("a wait that a deadline breaks off has ended with DEADLINE_EXCEEDED", async () => {
  const reason = new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded");
  const waiting = setTimeout(60_000, undefined, { signal: AbortSignal.abort(reason) });
  expect(await waiting.catch(GrpcError.from)).toBe(reason);
});

test("the end of quiet methods is logged at debug level", async () => {
  const { logger, lines } = recordingLogger();
  const quiet = logging({ logger, quiet: ["test.Patterns/Unary"] });
  const { channel } = await serve([implementPatterns(() => {})], [quiet]);
  for (const [, call] of patternCalls) await call(channel);

  const ends = lines.filter(({ msg }) => msg === "call ended");
  expect(ends.map(({ level }) => level)).toEqual(["debug", "info", "info", "info"]);
});

test("it works on a client", async () => {
  const { logger, lines } = recordingLogger();
  const { channel } = await serve([new HealthRegistry().registration()]);
  const interceptors = [logging({ logger })];
  const { methods } = bindClient(healthServiceDefinition, channel, { interceptors });
  await expect(methods.check({ service: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });

  expect(lines.at(-1)).toMatchObject({ method: "/grpc.health.v1.Health/Check", code: "NOT_FOUND" });
});

test("the line has peer, user agent and trace of the call", async () => {
  const { logger, lines } = recordingLogger();
  const { channel } = await serve([implementPatterns(() => {})], [logging({ logger })]);
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  await unaryCall(channel, { metadata: { traceparent } });
  expect(lines.at(-1)).toMatchObject({
    peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    userAgent: expect.stringMatching(/^grpc-node-js\//),
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
  });
});
