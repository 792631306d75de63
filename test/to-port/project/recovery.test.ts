import { Client, credentials, status } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { recovery } from "../src/interceptors/recovery.ts";
import { implementPatterns, patternCalls } from "./four-patterns.ts";
import { recordingLogger, startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
afterEach(() => server.close());

test.each(patternCalls)("%s: what a handler throws stays on the server", async (_name, call) => {
  const { logger, lines } = recordingLogger();
  const services = [
    implementPatterns(() => {
      throw new Error("password is hunter2");
    }),
  ];
  server = await startTestServer(services, [recovery({ logger })]);

  for (const attempt of ["first", "second, as the process lives"]) {
    const failure = await call(server.channel).catch(GrpcError.from);
    expect(failure, attempt).toMatchObject({ code: "INTERNAL", rawMessage: "internal error" });
  }
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({ level: "error", err: { message: "password is hunter2" } });
});

test.each(patternCalls)("%s: a status is for the caller, and no fault", async (_name, call) => {
  const { logger, lines } = recordingLogger();
  const services = [
    implementPatterns(() => {
      throw new GrpcError("NOT_FOUND", "no such thing");
    }),
  ];
  server = await startTestServer(services, [recovery({ logger })]);

  const failure = await call(server.channel).catch(GrpcError.from);
  expect(failure).toMatchObject({ code: "NOT_FOUND", rawMessage: "no such thing" });
  expect(lines).toEqual([]);
});

test.each(patternCalls)("%s: a stopping server is no fault", async (_name, call) => {
  const { logger, lines } = recordingLogger();
  let started = (): void => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const services = [
    implementPatterns(({ signal }) => {
      started();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    }),
  ];
  server = await startTestServer(services, [recovery({ logger })]);

  const failure = call(server.channel).catch(GrpcError.from);
  await running;
  await server.stop();
  expect(await failure).toMatchObject({ code: "UNAVAILABLE" });
  expect(lines).toEqual([]);
});

describe.each([
  ["UNAUTHENTICATED", "INTERNAL"],
  ["UNAVAILABLE", "UNAVAILABLE"],
  ["DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED"],
] as const)("another service answered %s", (theirs, ours) => {
  test.each(patternCalls)("%s: its text is for the log alone", async (_name, call) => {
    const fail = implementPatterns(() => {
      throw new GrpcError(theirs, "password is hunter2");
    });
    const upstream = await startTestServer([fail], []);
    const { logger, lines } = recordingLogger();
    const services = [implementPatterns(() => call(upstream.channel))];
    server = await startTestServer(services, [recovery({ logger })]);

    const failure = await call(server.channel).catch(GrpcError.from);
    await upstream.close();
    expect(failure).toMatchObject({ code: ours, details: [] });
    expect(failure).not.toMatchObject({ message: expect.stringContaining("hunter2") });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: "error" });
    expect(JSON.stringify(lines[0])).toContain(`[${theirs}] password is hunter2`);
  });
});

test("a stream that the caller breaks is no fault", async () => {
  const { logger, lines } = recordingLogger();
  server = await startTestServer([implementPatterns(() => {})], [recovery({ logger })]);
  const client = new Client("", credentials.createInsecure(), { channelOverride: server.channel });
  const noMessage = () => Buffer.from([0xff]);
  const failure = await new Promise((resolve) => {
    const path = "/test.Patterns/ClientStreaming";
    client.makeClientStreamRequest(path, noMessage, String, resolve).write({});
  });
  expect(failure).toMatchObject({ code: status.INTERNAL });
  expect(lines).toEqual([]);
});

test("a failure of an inner interceptor is caught, too", async () => {
  const { logger, lines } = recordingLogger();
  const broken = async () => {
    throw new TypeError("broken interceptor");
  };
  server = await startTestServer([implementPatterns(() => {})], [recovery({ logger }), broken]);

  for (const [, call] of patternCalls) {
    await expect(call(server.channel)).rejects.toMatchObject({ code: "INTERNAL" });
  }
  expect(lines).toHaveLength(patternCalls.length);
});
