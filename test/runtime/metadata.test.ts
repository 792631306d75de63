import { Metadata } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { GrpcError, type ServerInterceptor } from "../../runtime/src/index.ts";
import { drivers } from "./support/drivers.ts";
import { collect, failure, raise, startEcho } from "./support/echo.ts";

const binary = Buffer.from([0, 1, 2, 250, 255]);

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

  test("texts lose the spaces around them, and nothing else", async () => {
    const seen: unknown[] = [];
    const { client } = await startEcho(
      {
        handlers: {
          unary: async ({ text }, context) => {
            seen.push(context.metadata.get("x-a"), context.metadata.get("x-b"));
            context.setHeader("x-header", " h ");
            context.setTrailer("x-trailer", " t ");
            const metadata = new Metadata();
            metadata.set("x-error", " e ");
            if (text !== "") throw new GrpcError("ABORTED", " text ", { metadata });
            return {};
          },
        },
      },
      driver,
    );
    const metadata = { "x-a": "  a b ", "x-b": "  " };
    const options = {
      metadata,
      onHeader: (header: Metadata) => seen.push(header.get("x-header")),
      onTrailer: (trailer: Metadata) => seen.push(trailer.get("x-trailer")),
    };
    await client.unary({}, options);
    expect(seen).toEqual([["a b"], [""], ["h"], ["t"]]);
    const error = await failure(client.unary({ text: "fail" }, { metadata }));
    expect(error).toMatchObject({ code: "ABORTED", rawMessage: " text " });
    const trailers = error instanceof GrpcError ? error.metadata : undefined;
    expect(["x-error", "x-trailer", "x-header"].map((key) => trailers?.get(key))).toEqual([
      ["e"],
      ["t"],
      ["h"],
    ]);
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

  test("headers have 8 KiB, and one that exceeds them throws where it is set", async () => {
    const errors: unknown[] = [];
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, context) => {
            for (let index = 0; index < 10; index += 1) {
              try {
                context.setHeader(`x-${index}`, "v".repeat(1_000));
              } catch (error) {
                errors.push(error);
              }
            }
            return {};
          },
        },
      },
      driver,
    );
    let names: string[] = [];
    const onHeader = (header: Metadata) => {
      names = Object.keys(header.getMap()).filter((name) => name.startsWith("x-"));
    };
    await client.unary({}, { onHeader });
    expect(names).toHaveLength(7);
    expect(errors).toMatchObject(
      [7, 8, 9].map((index) => ({
        message: `cannot set header x-${index}: the headers would be too large`,
      })),
    );
  });

  test("trailers of a downstream server are not passed on", async () => {
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
    expect(error).toMatchObject({ code: "INTERNAL", rawMessage: "internal error" });
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
