// @module-tag python3-grpcio

import { describe, expect, test } from "vitest";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  errorDetail,
  RetryInfoSchema,
} from "../../../runtime/src/error-details.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { EchoRequestSchema } from "../../runtime/gen/echo_pb.ts";
import { echoCall, serveEcho } from "../support/echo-server.ts";
import { serverKinds } from "../support/servers.ts";
import { usePythonClient } from "../support/use-python.ts";

const violation = { field: "email", description: "형식이 잘못되었습니다" };
const reason = { reason: "MALFORMED", domain: "example.com", metadata: { field: "email" } };

describe.each(serverKinds)("a Python client of $name is told", (kind) => {
  const client = usePythonClient();

  test("details of google.rpc, and messages of any other type", async () => {
    const port = await serveEcho(kind, {
      unary: () => {
        throw new GrpcError("INVALID_ARGUMENT", "이메일 is wrong", {
          details: [
            errorDetail(BadRequestSchema, { fieldViolations: [violation] }),
            errorDetail(ErrorInfoSchema, reason),
            errorDetail(RetryInfoSchema, { retryDelay: { seconds: 1n, nanos: 500_000_000 } }),
            errorDetail(EchoRequestSchema, { text: "of our own", number: 7 }),
          ],
        });
      },
    });
    const { code, details, status } = await client.call(echoCall(port, "Unary"));
    expect({ code, details }).toEqual({ code: "INVALID_ARGUMENT", details: "이메일 is wrong" });
    expect(status).toEqual({
      code: 3,
      message: "이메일 is wrong",
      details: [
        { "@type": "google.rpc.BadRequest", fieldViolations: [violation] },
        { "@type": "google.rpc.ErrorInfo", ...reason },
        { "@type": "google.rpc.RetryInfo", retryDelay: "1.500s" },
        { "@type": "runtime.test.EchoRequest", text: "of our own", number: 7 },
      ],
    });
  });

  test("details after responses", async () => {
    const port = await serveEcho(kind, {
      async *serverStream() {
        yield { text: "one" };
        throw new GrpcError("ABORTED", "half way", {
          details: [errorDetail(ErrorInfoSchema, reason)],
        });
      },
    });
    const { code, responses, status } = await client.call(echoCall(port, "ServerStream"));
    expect({ code, responses }).toEqual({ code: "ABORTED", responses: [{ text: "one" }] });
    expect(status).toMatchObject({ code: 10, details: [{ reason: "MALFORMED" }] });
  });

  test.each([
    ["Korean", "사용자를 찾을 수 없습니다"],
    ["emoji", "😈 and 👩‍👩‍👧"],
    ["percent signs", "100% of %41 and %"],
    ["signs that URLs reserve", "a=b&c?d#e/f+g;h,i@j:k$l\"'<>[]{}|\\^`~"],
    ["nothing", ""],
    ["the longest text", `${"가".repeat(340)}...`],
  ])("a text of %s", async (_, text) => {
    const port = await serveEcho(kind, {
      unary: () => {
        throw new GrpcError("NOT_FOUND", text);
      },
    });
    const { code, details } = await client.call(echoCall(port, "Unary"));
    expect({ code, details }).toEqual({ code: "NOT_FOUND", details: text });
  });

  test("every code", async () => {
    const port = await serveEcho(kind, {
      unary: ({ number }) => {
        throw Object.assign(new Error(), { code: number, details: "as told" });
      },
    });
    const codes: string[] = [];
    for (let number = 1; number <= 17; number += 1) {
      codes.push((await client.call(echoCall(port, "Unary", { requests: [{ number }] }))).code);
    }
    expect(codes).toEqual(
      (
        "CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS " +
        "PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE " +
        "UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED UNKNOWN"
      ).split(" "),
    );
  });

  test("UNIMPLEMENTED of a method without handler", async () => {
    const port = await serveEcho(kind, {});
    for (const method of ["Unary", "ServerStream", "ClientStream", "Bidi"] as const) {
      expect((await client.call(echoCall(port, method))).code).toBe("UNIMPLEMENTED");
    }
  });
});
