import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { bindClient } from "../../../runtime/src/client/index.ts";
import { type ClientInterceptor, GrpcError, implement } from "../../../runtime/src/index.ts";
import { when } from "../../../runtime/src/interceptors/index.ts";
import { metrics } from "../../../runtime/src/interceptors/metrics/index.ts";
import { clientTracing } from "../../../runtime/src/interceptors/tracing.ts";
import { safeEchoDefinition } from "../client/support/safe-echo.ts";
import { cleanUp, patience } from "../support/echo.ts";
import { patternCalls, unaryCall } from "../support/four-patterns.ts";
import { recordSpans } from "../support/recorded-spans.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { serve } from "../support/serve.ts";
import { connectTo, startRecording } from "./connect-to.ts";

test.each(patternCalls)(
  "%s: the log of the client has the request id that the server gets",
  async (name, call) => {
    const { address, received } = await startRecording();
    const { logger, lines } = recordingLogger();
    const { channel, options } = await connectTo(address, { CLIENT_TOKEN: "t" }, { logger });
    await call(channel, options);
    expect(received).toMatchObject([{ authorization: "Bearer t" }]);
    const method = `/test.Patterns/${name}`;
    const requestId = received[0]?.["x-request-id"];
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.at(-1)).toMatchObject({ msg: "call ended", method, code: "OK", requestId });
  },
);

test("further interceptors run in order, between the request id and the token", async () => {
  const { address } = await startRecording();
  const seen: unknown[] = [];
  const look =
    (name: string): ClientInterceptor =>
    async ({ metadata }, next) => {
      seen.push(name, metadata.get("x-request-id").length, metadata.get("authorization").length);
      await next();
    };
  const interceptors = [
    look("first"),
    when({ kinds: ["bidi_streaming"] }, look("bidi only")),
    undefined,
    look("last"),
  ];
  const { channel, options } = await connectTo(address, {}, { interceptors });
  for (const [, call] of patternCalls.slice(2)) await call(channel, options);
  const common = [1, 0];
  expect(seen).toEqual([
    ...["first", ...common, "last", ...common],
    ...["first", ...common, "bidi only", ...common, "last", ...common],
  ]);
});

test("an interceptor for a method that is not called through it is refused", async () => {
  const interceptors = [when({ services: ["test.Pattern"] }, async () => {})];
  await expect(connectTo("localhost:1", {}, { interceptors })).rejects.toThrow(
    "an interceptor is for test.Pattern, which is not served",
  );
});

test.each(patternCalls)("%s: tracing and metrics of a client", async (name, call) => {
  const { spans, stop } = recordSpans();
  cleanUp(stop);
  const registry = new Registry();
  const { address, received } = await startRecording();
  const interceptors = [clientTracing(), metrics({ registry, side: "client" })];
  const { channel, options } = await connectTo(address, {}, { interceptors });
  await call(channel, options);
  expect(spans).toMatchObject([{ name: `test.Patterns/${name}`, ended: true }]);
  expect(received).toMatchObject([{ traceparent: "from-client" }]);
  expect(await registry.metrics()).toMatch(
    new RegExp(`grpc_client_handled_total\\{.*grpc_method="${name}",.*grpc_code="OK"\\} 1`),
  );
});

test("methods that the proto marks as safe to repeat are retried, others are not", async () => {
  const arrived: string[] = [];
  const fail = (name: string) => () => {
    if (arrived.push(name) % 2 === 1) throw new GrpcError("UNAVAILABLE", "try again");
    return {};
  };
  const handlers = { read: fail("read"), put: fail("put"), add: fail("add") };
  const { address } = await serve([implement(safeEchoDefinition, handlers)]);
  const services = [safeEchoDefinition];
  const { channel, options } = await connectTo(address, {}, {}, services);
  const { methods } = bindClient(safeEchoDefinition, channel, { ...options, ...patience });
  await methods.read({});
  await methods.put({});
  await expect(methods.add({})).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(arrived).toEqual(["read", "read", "put", "put", "add"]);
});

test("settings of resilience are those of the channel", async () => {
  let arrived = 0;
  const read = () => {
    arrived += 1;
    throw new GrpcError("UNAVAILABLE", "try again");
  };
  const { address } = await serve([implement(safeEchoDefinition, { read })]);
  const resilience = { retry: { maxAttempts: 2, initialBackoffMs: 1 } };
  const services = [safeEchoDefinition];
  const { channel, options } = await connectTo(address, {}, { resilience }, services);
  const { methods } = bindClient(safeEchoDefinition, channel, { ...options, ...patience });
  await expect(methods.read({})).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(arrived).toBe(2); // 4 by default
});

test("close closes the channel", async () => {
  const { address } = await startRecording();
  const connection = await connectTo(address);
  await unaryCall(connection.channel, connection.options);
  connection.close();
  await expect(unaryCall(connection.channel, connection.options)).rejects.toThrow();
});
