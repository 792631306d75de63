import { Metadata } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { GrpcError, type ServerInterceptor } from "../../templates/runtime/index.ts";
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
  test("travels in both directions, binary values too", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, context) => {
            context.setHeader("x-text", context.metadata.get("x-text").join());
            for (const value of context.metadata.get("x-data-bin")) {
              context.setHeader("x-data-bin", value);
            }
            context.setHeader("x-many", "1");
            context.setHeader("x-many", "2");
            context.setTrailer("x-trailer", "t");
            context.setTrailer("x-trailer-bin", binary);
            return {};
          },
        },
      },
      driver,
    );
    let header: Metadata | undefined;
    let trailer: Metadata | undefined;
    await client.unary(
      {},
      {
        metadata: { "x-text": "value", "x-data-bin": binary },
        onHeader: (received) => {
          header = received;
        },
        onTrailer: (received) => {
          trailer = received;
        },
      },
    );
    expect(header?.get("x-text")).toEqual(["value"]);
    expect(header?.get("x-data-bin")).toEqual([binary]);
    expect(header?.get("x-many")).toEqual(["1, 2"]);
    expect(trailer?.get("x-trailer")).toEqual(["t"]);
    expect(trailer?.get("x-trailer-bin")).toEqual([binary]);
  });

  test("streams have headers and trailers", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          serverStream: async function* ({ number }, context) {
            context.setHeader("x-header", "h");
            for (let index = 0; index < number; index += 1) yield {};
            context.setTrailer("x-trailer", "t");
          },
        },
      },
      driver,
    );
    for (const number of [0, 3]) {
      const seen: unknown[] = [];
      const replies = client.serverStream(
        { number },
        {
          onHeader: (header) => seen.push(header.get("x-header")),
          onTrailer: (trailer) => seen.push(trailer.get("x-trailer")),
        },
      );
      expect(await collect(replies)).toHaveLength(number);
      expect(seen).toEqual([["h"], ["t"]]);
    }
  });

  test("headers of a call that fails at once come with its error, and leave it retryable", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, context) => {
            context.setHeader("x-header", "h");
            context.setTrailer("x-trailer", "t");
            throw new GrpcError("UNAVAILABLE", "", {
              metadata: new Metadata(),
            });
          },
        },
      },
      driver,
    );
    let headers = 0;
    const error = await failure(
      client.unary(
        {},
        {
          onHeader: () => {
            headers += 1;
          },
        },
      ),
    );
    expect(error).toBeInstanceOf(GrpcError);
    if (!(error instanceof GrpcError)) return;
    expect(error.metadata.get("x-header")).toEqual(["h"]);
    expect(error.metadata.get("x-trailer")).toEqual(["t"]);
    expect(headers).toBe(0);
  });

  test("a header after the first message is an error to handle", async () => {
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

  test("what cannot be sent is refused by name, not by a hang", async () => {
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

  test("trailers of a server that was called do not travel on", async () => {
    const inner = await startEcho(
      {
        handlers: {
          unary: async (_request, context) => {
            context.setTrailer("x-inner", "private");
            throw new GrpcError("NOT_FOUND", "inner");
          },
        },
      },
      driver,
    );
    const outer = await startEcho(
      { handlers: { unary: (_request, { signal }) => inner.client.unary({}, { signal }) } },
      driver,
    );
    const error = await failure(outer.client.unary({}));
    if (!(error instanceof GrpcError)) raise("no GrpcError");
    expect(error).toMatchObject({ code: "NOT_FOUND", rawMessage: "inner" });
    expect(error.metadata.get("x-inner")).toEqual([]);
  });

  test("interceptors may set headers and trailers after the handler", async () => {
    const stamp: ServerInterceptor = async (call, next) => {
      await next();
      call.setHeader("x-header", "late");
      call.setTrailer("x-trailer", "late");
    };
    const { client } = await startEcho(
      { handlers: { unary: async () => ({}) }, interceptors: [stamp] },
      driver,
    );
    const seen: unknown[] = [];
    await client.unary(
      {},
      {
        onHeader: (header) => seen.push(header.get("x-header")),
        onTrailer: (trailer) => seen.push(trailer.get("x-trailer")),
      },
    );
    expect(seen).toEqual([["late"], ["late"]]);
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
