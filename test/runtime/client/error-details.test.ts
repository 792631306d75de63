import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  errorDetail,
  RetryInfoSchema,
  StatusSchema,
} from "../../../runtime/src/error-details.ts";
import type { GrpcError } from "../../../runtime/src/index.ts";
import { connect, failure } from "../support/echo.ts";
import { callOf, kinds } from "./support/calls.ts";
import { type Headers, startRawServer } from "./support/raw-server.ts";

const status = create(StatusSchema, {
  code: 8,
  message: "from the details",
  details: [
    errorDetail(RetryInfoSchema, { retryDelay: { seconds: 3n } }),
    errorDetail(ErrorInfoSchema, { reason: "QUOTA", domain: "test" }),
    errorDetail(RetryInfoSchema, { retryDelay: { seconds: 5n } }),
  ],
});
const base64 = Buffer.from(toBinary(StatusSchema, status)).toString("base64");

/** What a call of each pattern fails with when the server ends it with these trailers. */
async function errorsFor(...trailers: Headers): Promise<GrpcError[]> {
  const port = await startRawServer({
    onCall: (peer) => {
      peer.begin();
      peer.end("8", ...trailers);
    },
  });
  const client = connect(`127.0.0.1:${port}`);
  // Clients reject with nothing else.
  return (await Promise.all(kinds.map((kind) => failure(callOf(client, kind))))) as GrpcError[];
}

describe("details as other languages send them", () => {
  test.each([
    ["padded", base64],
    ["not padded", base64.replace(/=+$/, "")],
    ["followed by another value", `${base64},${base64}`],
  ])("%s", async (_how, value) => {
    const errors = await errorsFor(["grpc-message", "text"], ["grpc-status-details-bin", value]);
    for (const error of errors) {
      expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", rawMessage: "text" });
      expect(error.details).toHaveLength(3);
      const delays = error.findDetails(RetryInfoSchema).map((info) => info.retryDelay?.seconds);
      expect(delays).toEqual([3n, 5n]);
      expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "QUOTA" }]);
      expect(error.findDetails(BadRequestSchema)).toEqual([]);
    }
  });

  test("their text is used when the status has none", async () => {
    for (const error of await errorsFor(["grpc-status-details-bin", base64])) {
      expect(error).toMatchObject({ rawMessage: "from the details" });
    }
  });

  test("their code is ignored", async () => {
    const other = create(StatusSchema, { ...status, code: 5, message: "other" });
    const value = Buffer.from(toBinary(StatusSchema, other)).toString("base64");
    const errors = await errorsFor(["grpc-message", "text"], ["grpc-status-details-bin", value]);
    for (const error of errors) {
      expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", rawMessage: "text" });
      expect(error.details).toHaveLength(3);
    }
  });

  test("none, or none that can be read", async () => {
    for (const trailers of [[], [["grpc-status-details-bin", "////"] as const]]) {
      for (const error of await errorsFor(["grpc-message", "text"], ...trailers)) {
        expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", rawMessage: "text" });
        expect(error.details).toEqual([]);
      }
    }
  });
});
