import { Metadata } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { GrpcError } from "../../runtime/src/index.ts";
import { drivers } from "./support/drivers.ts";
import { collect, failure, raise, startEcho } from "./support/echo.ts";

const binary = Buffer.from([0, 1, 2, 250, 255]);
const illegal = [
  ["connection", "close"],
  ["Connection", "close"],
  ["content-type", "text/plain"],
  ["content-length", "1"],
  ["te", "x"],
  ["host", "x"],
  ["transfer-encoding", "chunked"],
  ["grpc-status", "0"],
  ["grpc-message", "x"],
  ["grpc-timeout", "1S"],
  ["grpc-status-details-bin", binary],
  [":path", "/"],
  ["__proto__", "x"],
  ["a:b", "x"],
  ["with space", "x"],
  ["홍길동", "x"],
  ["", "x"],
  ["x-line", "a\r\nb: c"],
  ["x-text", "홍길동"],
  ["x-bin", "text"],
  ["x-text", binary],
] as const;

describe.each(drivers)("$name", (driver) => {
  test("setting a header after the first message throws in the handler", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          serverStream: async function* (_request, context) {
            yield {};
            try {
              context.setHeader("x-late", "1");
            } catch (error) {
              yield { text: String(error) };
            }
          },
        },
      },
      driver,
    );
    const replies = await collect(client.serverStream({}));
    expect(replies[1]?.text).toContain("x-late");
  });

  test("keys that cannot be sent are refused with an error that names them", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, context) => {
            const refused: string[] = [];
            for (const set of ["setHeader", "setTrailer"] as const) {
              for (const [key, value] of illegal) {
                try {
                  context[set](key, value);
                } catch (error) {
                  refused.push(error instanceof Error ? error.message : "");
                }
              }
            }
            context.setHeader("age", "1");
            try {
              context.setHeader("age", "2");
            } catch {
              refused.push("age");
            }
            return { number: refused.length, text: refused[0] ?? "" };
          },
        },
      },
      driver,
    );
    const reply = await client.unary({});
    expect(reply.number).toBe(illegal.length * 2 + 1);
    expect(reply.text).toBe('metadata key "connection" is reserved');
  });

  test("illegal entries of an error's metadata are left out", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          unary: async () => {
            const metadata = new Metadata();
            metadata.set("connection", "close");
            metadata.set("content-length", "7");
            metadata.set("grpc-status", "0");
            metadata.set("x-kept", "yes");
            metadata.add("etag", "1");
            metadata.add("etag", "2");
            throw new GrpcError("ABORTED", "x", { metadata });
          },
        },
      },
      driver,
    );
    const error = await failure(client.unary({}));
    if (!(error instanceof GrpcError)) raise("no GrpcError");
    expect(error.code).toBe("ABORTED");
    expect(error.metadata.get("x-kept")).toEqual(["yes"]);
    expect(error.metadata.get("etag")).toEqual(["1"]);
  });
});

test("a client refuses what it cannot send", async () => {
  const { client } = await startEcho({ handlers: { unary: async () => ({}) } });
  for (const [key, value] of illegal) {
    const metadata = Object.fromEntries([[key, value]]);
    expect(await failure(client.unary({}, { metadata }))).toMatchObject({ code: "INTERNAL" });
  }
  const twice = new Metadata();
  twice.add("authorization", "a");
  twice.add("authorization", "b");
  expect(await failure(client.unary({}, { metadata: twice }))).toMatchObject({
    code: "INTERNAL",
    rawMessage: 'metadata key "authorization" takes one value only',
  });
  await client.unary({}, { metadata: { "grpc-trace-bin": binary, "user-id": "7" } });
});

test("a client refuses metadata that would end its connection, and other calls go on", async () => {
  const { client } = await startEcho({
    handlers: { unary: async ({ number }) => ({ number }) },
  });
  const many = new Metadata();
  for (let i = 0; i < 3000; i += 1) many.add("x-many-bin", Buffer.from([i]));
  for (const metadata of [
    { "x-large": "a".repeat(128 * 1024) },
    { "x-large-bin": Buffer.alloc(4 * 1024 * 1024) },
    many,
  ]) {
    const other = client.unary({ number: 1 });
    expect(await failure(client.unary({}, { metadata }))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      rawMessage: expect.stringMatching(
        /^the metadata is larger than allowed: \d+ of 65536 bytes$/,
      ),
      method: "/runtime.test.Echo/Unary",
    });
    expect((await other).number).toBe(1);
  }
  // A server has a limit of its own.
  const metadata = { "x-large": "a".repeat(60 * 1024) };
  expect(await failure(client.unary({}, { metadata }))).toMatchObject({
    code: "RESOURCE_EXHAUSTED",
    rawMessage: expect.stringContaining("of 16384 bytes"),
  });
});
