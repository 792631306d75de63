import { Client, credentials, status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { recovery } from "../../../runtime/src/interceptors/index.ts";
import { failureOf, implementPatterns, patternCalls } from "../support/four-patterns.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { serve } from "../support/serve.ts";

test.each(patternCalls)("%s: the text of an error stays on the server", async (_name, call) => {
  const { logger, lines } = recordingLogger();
  const handlers = implementPatterns(() => {
    throw new Error("password is hunter2");
  });
  const { channel } = await serve([handlers], [recovery({ logger })]);

  for (const attempt of ["first", "second, as the process lives"]) {
    const failure = await failureOf(call(channel));
    expect(failure, attempt).toMatchObject({ code: "INTERNAL", rawMessage: "internal error" });
  }
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({ level: "error", err: { message: "password is hunter2" } });
});

test.each(patternCalls)("%s: a GrpcError is sent as it is, and not logged", async (_name, call) => {
  const { logger, lines } = recordingLogger();
  const handlers = implementPatterns(() => {
    throw new GrpcError("NOT_FOUND", "no such thing");
  });
  const { channel } = await serve([handlers], [recovery({ logger })]);

  const failure = await failureOf(call(channel));
  expect(failure).toMatchObject({ code: "NOT_FOUND", rawMessage: "no such thing" });
  expect(lines).toEqual([]);
});

test.each(patternCalls)("%s: a stop of the server is not logged as a fault", async (_, call) => {
  const { logger, lines } = recordingLogger();
  let started = (): void => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const handlers = implementPatterns(({ signal }) => {
    started();
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  const server = await serve([handlers], [recovery({ logger })]);

  const failure = failureOf(call(server.channel));
  await running;
  await server.stop();
  expect(await failure).toMatchObject({ code: "UNAVAILABLE" });
  expect(lines).toEqual([]);
});

describe.each([
  ["UNAUTHENTICATED", "INTERNAL"],
  ["UNAVAILABLE", "UNAVAILABLE"],
  ["DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED"],
] as const)("another service answers %s", (theirs, ours) => {
  test.each(patternCalls)("%s: its text is logged, and not sent", async (_name, call) => {
    const fail = implementPatterns(() => {
      throw new GrpcError(theirs, "password is hunter2");
    });
    const upstream = await serve([fail]);
    const { logger, lines } = recordingLogger();
    const handlers = implementPatterns(() => call(upstream.channel));
    const { channel } = await serve([handlers], [recovery({ logger })]);

    const failure = await failureOf(call(channel));
    expect(failure).toMatchObject({ code: ours, details: [] });
    expect(failure).not.toMatchObject({ message: expect.stringContaining("hunter2") });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: "error" });
    expect(JSON.stringify(lines[0])).toContain(`[${theirs}] password is hunter2`);
  });
});

test("a malformed request is not logged as a fault", async () => {
  const { logger, lines } = recordingLogger();
  const { channel } = await serve([implementPatterns(() => {})], [recovery({ logger })]);
  const client = new Client("", credentials.createInsecure(), { channelOverride: channel });
  const noMessage = () => Buffer.from([0xff]);
  const failure = await new Promise((resolve) => {
    const path = "/test.Patterns/ClientStreaming";
    client.makeClientStreamRequest(path, noMessage, String, resolve).write({});
  });
  expect(failure).toMatchObject({ code: status.INTERNAL });
  expect(lines).toEqual([]);
});

test("a failure of an inner interceptor is caught", async () => {
  const { logger, lines } = recordingLogger();
  const broken = async () => {
    throw new TypeError("broken interceptor");
  };
  const { channel } = await serve([implementPatterns(() => {})], [recovery({ logger }), broken]);

  for (const [, call] of patternCalls) {
    await expect(call(channel)).rejects.toMatchObject({ code: "INTERNAL" });
  }
  expect(lines).toHaveLength(patternCalls.length);
});
