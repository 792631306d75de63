import { describe, expect, test } from "vitest";
import { type CallContext, GrpcError, type StatusCode } from "../../../runtime/src/index.ts";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { type RawOutcome, rawCall } from "../support/raw-call.ts";

/** Both kinds that answer with a stream; `fail` is what their handlers do before any response. */
async function outcomesOf(
  driver: (typeof drivers)[number],
  fail: (context: CallContext) => void,
): Promise<RawOutcome[]> {
  const { port } = await startEcho(
    {
      handlers: {
        // biome-ignore lint/correctness/useYield: it fails before.
        serverStream: async function* (_request, context) {
          fail(context);
        },
        // biome-ignore lint/correctness/useYield: it fails before.
        bidi: async function* (_requests, context) {
          fail(context);
        },
      },
    },
    driver,
  );
  const calls = ["ServerStream", "Bidi"].map((method) => {
    const call = rawCall(port, `/runtime.test.Echo/${method}`);
    call.send(Buffer.alloc(0));
    call.end();
    return call.outcome;
  });
  return Promise.all(calls);
}

function failing(code: StatusCode) {
  return (context: CallContext): void => {
    context.setHeader("x-header", "h");
    context.setTrailer("x-trailer", "t");
    throw new GrpcError(code, "no");
  };
}

/** What a stream has told of itself belongs to it, also when it fails before its first message. */
describe.each(drivers)("a stream that fails before its first response, $name", (driver) => {
  test("sends its headers first, and again with the status and the trailers", async () => {
    for (const { headers, trailers, statuses } of await outcomesOf(driver, failing("INTERNAL"))) {
      expect(headers).toMatchObject({ ":status": 200, "x-header": "h" });
      expect(headers).not.toHaveProperty("grpc-status");
      expect(trailers).toMatchObject({ "grpc-status": "13", "x-trailer": "t", "x-header": "h" });
      expect(statuses).toHaveLength(1);
    }
  });

  test("stays retryable: headers, status and trailers are one block", async () => {
    for (const { headers, trailers } of await outcomesOf(driver, failing("UNAVAILABLE"))) {
      expect(headers).toMatchObject({ "grpc-status": "14", "x-header": "h", "x-trailer": "t" });
      expect(trailers).toBe(headers);
    }
  });

  test("sends its status alone when it has no headers", async () => {
    const outcomes = await outcomesOf(driver, () => {
      throw new GrpcError("NOT_FOUND", "no");
    });
    for (const { headers, trailers } of outcomes) {
      expect(headers).toMatchObject({ "grpc-status": "5" });
      expect(trailers).toBe(headers);
    }
  });
});
