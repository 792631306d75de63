import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import {
  ATTR_ERROR_TYPE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  RPC_SYSTEM_NAME_VALUE_GRPC,
} from "@opentelemetry/semantic-conventions";
import { beforeEach, describe, expect, test } from "vitest";
import { type CallContext, type ClientInterceptor, GrpcError } from "../../../runtime/src/index.ts";
import { interceptorsByMethod } from "../../../runtime/src/interceptors/index.ts";
import { clientTracing, serverTracing } from "../../../runtime/src/interceptors/tracing.ts";
import { cleanUp, raise } from "../support/echo.ts";
import {
  implementPatterns,
  outcomeOf,
  type PatternCall,
  patternCalls,
  patternMethods,
} from "../support/four-patterns.ts";
import { attributesOf, type OtlpSpan, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { serve } from "../support/serve.ts";

/** OTLP counts from 1. */
const kinds = { server: SpanKind.SERVER + 1, client: SpanKind.CLIENT + 1 };

let received: OtlpSpan[];
let sdk: NodeSDK;

beforeEach(async () => {
  received = await startOtlpReceiver();
  sdk = new NodeSDK({ serviceName: "users", autoDetectResources: false });
  sdk.start();
  cleanUp(async () => {
    await sdk.shutdown();
    for (const api of [trace, context, propagation]) api.disable();
  });
});

/** The exported spans of one call. */
interface TracedCall {
  readonly outcome: string;
  readonly address: string;
  readonly client: OtlpSpan;
  readonly server: OtlpSpan;
}

/** Makes a call, and exports its spans. */
async function traced(
  call: PatternCall,
  work: (call: CallContext) => unknown,
  timeoutMs = 5000,
): Promise<TracedCall> {
  const scope = { methods: patternMethods, environment: "test" } as const;
  const interceptorsOf = await interceptorsByMethod([clientTracing()], scope);
  const [method = raise("no method")] = patternMethods;
  const interceptors: readonly ClientInterceptor[] = interceptorsOf(method);
  const { channel, address, stop } = await serve([implementPatterns(work)], [serverTracing()]);
  const outcome = await outcomeOf(call(channel, { interceptors, timeoutMs }));
  await stop();
  await sdk.shutdown();
  expect(received).toHaveLength(2);
  const ofKind = (kind: number) => received.find((span) => span.kind === kind) ?? raise("no span");
  return { outcome, address, client: ofKind(kinds.client), server: ofKind(kinds.server) };
}

/** What the conventions say about every span of a method. */
function common(name: string, address: string, code: string): Record<string, string | number> {
  const [host = "", port] = address.split(":");
  return {
    [ATTR_RPC_SYSTEM_NAME]: RPC_SYSTEM_NAME_VALUE_GRPC,
    [ATTR_RPC_METHOD]: `test.Patterns/${name}`,
    [ATTR_RPC_STATUS_CODE]: code,
    [ATTR_SERVER_ADDRESS]: host,
    [ATTR_SERVER_PORT]: Number(port),
    [ATTR_NETWORK_PEER_ADDRESS]: "127.0.0.1",
  };
}

describe.each(patternCalls)("%s, exported by the SDK", (name, call) => {
  test("one span on each side, of one trace", async () => {
    let inHandler: string | undefined;
    const { address, client, server } = await traced(call, () => {
      inHandler = trace.getActiveSpan()?.spanContext().spanId;
    });
    expect(server.traceId).toBe(client.traceId);
    expect(server.parentSpanId).toBe(client.spanId);
    expect(client.parentSpanId).toBeUndefined();
    expect(inHandler).toBe(server.spanId);
    for (const span of [client, server]) {
      expect(span.name).toBe(`test.Patterns/${name}`);
      expect(span.status.code ?? SpanStatusCode.UNSET).toBe(SpanStatusCode.UNSET);
    }
    const expected = common(name, address, "OK");
    const port = Number(address.split(":")[1]);
    expect(attributesOf(client)).toEqual({ ...expected, [ATTR_NETWORK_PEER_PORT]: port });
    expect(attributesOf(server)).toEqual({
      ...expected,
      [ATTR_NETWORK_PEER_PORT]: expect.any(Number),
    });
    expect(attributesOf(server)[ATTR_NETWORK_PEER_PORT]).not.toBe(port);
  });

  test.each([
    ["a fault of the caller", "NOT_FOUND", undefined],
    ["a fault of the server", "INTERNAL", "INTERNAL"],
  ] as const)("%s", async (_, code, errorOfServer) => {
    const { address, client, server } = await traced(call, () => {
      throw new GrpcError(code, "hong@example.com");
    });
    const expected = common(name, address, code);
    expect(attributesOf(client)).toMatchObject({ ...expected, [ATTR_ERROR_TYPE]: code });
    expect(client.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attributesOf(server)).toMatchObject(expected);
    expect(attributesOf(server)[ATTR_ERROR_TYPE]).toBe(errorOfServer);
    const failed = errorOfServer === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR;
    expect(server.status.code).toBe(failed);
    expect(JSON.stringify(received)).not.toContain("hong@example.com");
  });

  test("a deadline that passes", async () => {
    const untilAborted = ({ signal }: CallContext) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const { outcome, client, server } = await traced(call, untilAborted, 50);
    expect(outcome).toBe("DEADLINE_EXCEEDED");
    expect(attributesOf(client)).toMatchObject({
      [ATTR_RPC_STATUS_CODE]: "DEADLINE_EXCEEDED",
      [ATTR_ERROR_TYPE]: "DEADLINE_EXCEEDED",
    });
    expect(client.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attributesOf(server)[ATTR_RPC_STATUS_CODE]).toMatch(/^(CANCELLED|DEADLINE_EXCEEDED)$/);
    expect(server.traceId).toBe(client.traceId);
  });
});
