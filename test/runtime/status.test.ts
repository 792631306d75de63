import type { Any } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  errorDetail,
  RetryInfoSchema,
} from "../../runtime/src/error-details.ts";
import { GrpcError, type GrpcErrorOptions, type StatusCode } from "../../runtime/src/index.ts";
import { statusNumber } from "../../runtime/src/status-code.ts";
import { drivers } from "./support/drivers.ts";
import { collect, failure, raise, startEcho } from "./support/echo.ts";
import { rawCall } from "./support/raw-call.ts";

const codes: StatusCode[] = [
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

async function thrown(
  driver: (typeof drivers)[number],
  error: () => GrpcError,
  kind: "unary" | "serverStream",
): Promise<GrpcError> {
  const { client } = await startEcho(
    {
      handlers: {
        unary: async () => {
          throw error();
        },
        serverStream: async function* () {
          yield {};
          throw error();
        },
      },
    },
    driver,
  );
  const call = kind === "unary" ? client.unary({}) : collect(client.serverStream({}));
  const received = await failure(call);
  return received instanceof GrpcError ? received : raise(String(received));
}

describe.each(drivers)("$name", (driver) => {
  test("every code keeps its number", async () => {
    const { client, port } = await startEcho(
      {
        handlers: {
          unary: async ({ text }) => {
            throw new GrpcError(codes.find((code) => code === text) ?? "UNKNOWN", text);
          },
        },
      },
      driver,
    );
    for (const [index, code] of codes.entries()) {
      expect(statusNumber(code)).toBe(index + 1);
      expect(await failure(client.unary({ text: code }))).toMatchObject({
        code,
        rawMessage: code,
        message: `/runtime.test.Echo/Unary [${code}] ${code}`,
      });
    }
    const raw = rawCall(port, "/runtime.test.Echo/Unary");
    raw.send(Buffer.alloc(0));
    raw.end();
    expect((await raw.outcome).trailers["grpc-status"]).toBe("2");
  });

  describe.each(["unary", "serverStream"] as const)("%s", (kind) => {
    test.each([
      ["a lone surrogate", `cut ${"🙂".slice(0, 1)}`, "cut \ufffd"],
      ["line breaks", "a\r\nb\nc\u2028d", "a\r\nb\nc\u2028d"],
      ["control characters", "a\0b\u001b[31mc\u007f", "a\0b\u001b[31mc\u007f"],
      ["percent signs", "100% %0A %", "100% %0A %"],
      ["every script", "홍길동 독서 🙂", "홍길동 독서 🙂"],
      ["nothing", "", ""],
    ])("%s", async (_what, text, received) => {
      const error = await thrown(driver, () => new GrpcError("ABORTED", text), kind);
      expect(error).toMatchObject({ code: "ABORTED", rawMessage: received });
    });

    test.each(["x", "é", "가", "🙂", "\ud800"])("200 000 times %j", async (character) => {
      const text = character.repeat(200_000);
      const { code, rawMessage } = await thrown(driver, () => new GrpcError("ABORTED", text), kind);
      expect(code).toBe("ABORTED");
      expect(Buffer.byteLength(rawMessage)).toBeLessThanOrEqual(1024);
      expect(Buffer.byteLength(rawMessage)).toBeGreaterThan(1000);
      expect(rawMessage.endsWith("...")).toBe(true);
      if (character !== "\ud800") expect(rawMessage).not.toContain("\ufffd");
    });

    test("details round-trip", async () => {
      const details = [
        errorDetail(BadRequestSchema, {
          fieldViolations: [{ field: "email", description: "올바르지 않습니다" }],
        }),
        errorDetail(RetryInfoSchema, { retryDelay: { seconds: 2n } }),
      ];
      const metadata = new Metadata();
      metadata.set("x-trace", "7");
      const options: GrpcErrorOptions = { details, metadata, cause: new Error("private") };
      const error = await thrown(
        driver,
        () => new GrpcError("INVALID_ARGUMENT", "bad", options),
        kind,
      );
      expect(error.findDetails(BadRequestSchema)).toMatchObject([
        { fieldViolations: [{ field: "email", description: "올바르지 않습니다" }] },
      ]);
      expect(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(2n);
      expect(error.findDetails(ErrorInfoSchema)).toEqual([]);
      expect(error.metadata.get("x-trace")).toEqual(["7"]);
      expect(error.cause).toBeUndefined();
      expect(JSON.stringify(error.metadata)).not.toContain("private");
    });

    test("trailers stay within 8 KiB: first details, then entries that fit", async () => {
      const detail = (size: number): Any =>
        errorDetail(ErrorInfoSchema, { reason: "R".repeat(size) });
      const metadata = new Metadata();
      metadata.set("x-small", "kept");
      metadata.set("x-huge", "h".repeat(100_000));
      metadata.set("x-small-too", "kept too");
      const options = { details: [detail(1_000), detail(100_000)], metadata };
      const error = await thrown(driver, () => new GrpcError("ABORTED", "big", options), kind);
      expect(error.findDetails(ErrorInfoSchema)).toHaveLength(1);
      expect(error.metadata.get("x-small")).toEqual(["kept"]);
      expect(error.metadata.get("x-huge")).toEqual([]);
      expect(error.metadata.get("x-small-too")).toEqual(["kept too"]);
    });
  });
});

test("details that are not a google.rpc.Status are ignored", async () => {
  const error = new GrpcError("ABORTED", "x", {
    details: [
      {
        $typeName: "google.protobuf.Any",
        typeUrl: "type.googleapis.com/google.rpc.BadRequest",
        value: new Uint8Array([0xff]),
      },
    ],
  });
  expect(error.findDetails(BadRequestSchema)).toEqual([]);
});

test("the message and fields of an error", () => {
  expect(new GrpcError("ABORTED", "too late").message).toBe("[ABORTED] too late");
  expect(new GrpcError("ABORTED", "").message).toBe("[ABORTED]");
  const method = "/user.UserService/GetUser";
  const failed = new GrpcError("ABORTED", "too late", { method });
  expect(failed).toMatchObject({ method, message: `${method} [ABORTED] too late` });
});

test("anything caught becomes a GrpcError", () => {
  const own = new GrpcError("NOT_FOUND", "x");
  expect(GrpcError.from(own)).toBe(own);
  for (const value of [undefined, null, "text", 7, {}, new Error("x"), { code: "ENOENT" }]) {
    expect(GrpcError.from(value)).toMatchObject({ code: "INTERNAL", rawMessage: "internal error" });
  }
  expect(GrpcError.from({ code: 5, details: "none" })).toMatchObject({ code: "NOT_FOUND" });
  expect(GrpcError.from({ code: 99, details: "?" })).toMatchObject({ code: "UNKNOWN" });
  expect(GrpcError.from({ code: 0, details: "OK" })).toMatchObject({ code: "INTERNAL" });
});

test("the cause of an AbortError is read once: it may be another value each time", () => {
  const reason = new GrpcError("ABORTED", "the reason");
  const causes: unknown[] = [reason, "password=hunter2"];
  const error = Object.defineProperty(new Error("aborted"), "cause", { get: () => causes.shift() });
  error.name = "AbortError";
  expect(GrpcError.from(error)).toBe(reason);
});
