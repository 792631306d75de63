// @module-tag python3-grpcio

import type { JsonValue } from "@bufbuild/protobuf";
import { Metadata } from "@grpc/grpc-js";
import { beforeAll, describe, expect, test } from "vitest";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "../../../runtime/src/error-details.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { EchoRequestSchema } from "../../runtime/gen/echo_pb.ts";
import { failure } from "../../runtime/support/echo.ts";
import { asked, echoClient } from "../support/echo-client.ts";
import { usePythonServer } from "../support/use-python.ts";

interface WantedStatus {
  readonly code: string;
  readonly message: string;
  readonly details: JsonValue[];
}

/** Metadata that asks the server to fail like this. */
function failing(status: WantedStatus): Metadata {
  const metadata = new Metadata();
  metadata.add("x-do", "fail");
  metadata.add("x-status-bin", Buffer.from(JSON.stringify(status)));
  return metadata;
}

describe("a generated client is told by a Python server", () => {
  const server = usePythonServer();
  let address: string;
  beforeAll(async () => {
    address = `127.0.0.1:${await server().start()}`;
  });

  async function failureOf(metadata: Metadata): Promise<GrpcError> {
    const error = await failure(echoClient(address).unary({}, { metadata }));
    if (!(error instanceof GrpcError)) throw error;
    return error;
  }

  test("details of google.rpc, and messages of any other type", async () => {
    const fieldViolations = [{ field: "email", description: "형식이 잘못되었습니다" }];
    const reason = { reason: "MALFORMED", domain: "example.com", metadata: { field: "email" } };
    const error = await failureOf(
      failing({
        code: "INVALID_ARGUMENT",
        message: "이메일 is wrong",
        details: [
          { "@type": "google.rpc.BadRequest", fieldViolations },
          { "@type": "google.rpc.ErrorInfo", ...reason },
          { "@type": "google.rpc.RetryInfo", retryDelay: "1.5s" },
          { "@type": "runtime.test.EchoRequest", text: "of their own", number: 7 },
        ],
      }),
    );
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", rawMessage: "이메일 is wrong" });
    expect(error.details).toHaveLength(4);
    expect(error.findDetails(BadRequestSchema)).toMatchObject([{ fieldViolations }]);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([reason]);
    expect(error.findDetails(RetryInfoSchema)).toMatchObject([
      { retryDelay: { seconds: 1n, nanos: 500_000_000 } },
    ]);
    expect(error.findDetails(EchoRequestSchema)).toMatchObject([
      { text: "of their own", number: 7 },
    ]);
  });

  test.each([
    ["Korean", "사용자를 찾을 수 없습니다"],
    ["emoji", "😈 and 👩‍👩‍👧"],
    ["percent signs", "100% of %41 and %"],
    ["signs that URLs reserve", "a=b&c?d#e/f+g;h,i@j:k$l\"'<>[]{}|\\^`~"],
    ["white space", "\t\ntabs and\r\nlines\t"],
    ["nothing", ""],
  ])("a text of %s", async (_, message) => {
    const error = await failureOf(failing({ code: "NOT_FOUND", message, details: [] }));
    expect(error).toMatchObject({ code: "NOT_FOUND", rawMessage: message, details: [] });
  });

  test("that it has a bug", async () => {
    const error = await failureOf(asked("raise"));
    expect(error).toMatchObject({ code: "UNKNOWN", rawMessage: expect.stringContaining("a bug") });
  });
});
