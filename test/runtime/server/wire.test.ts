import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { type RawOptions, rawCall } from "../support/raw-call.ts";

// Of one, two and three bytes: with two, one and no `=` of padding. And of none.
const binaries = [Buffer.from([1]), Buffer.from([1, 2]), Buffer.from([1, 2, 3]), Buffer.alloc(0)];
const unpadded = ["AQ", "AQI", "AQID", ""];
const methods = ["Unary", "ServerStream", "ClientStream", "Bidi"] as const;

function handlersDoing(
  act: (context: Parameters<EchoHandlers["unary"]>[1]) => void,
): Partial<EchoHandlers> {
  return {
    unary: async (_request, context) => {
      act(context);
      return {};
    },
    serverStream: async function* (_request, context) {
      act(context);
      yield {};
    },
    clientStream: async (_requests, context) => {
      act(context);
      return {};
    },
    bidi: async function* (_requests, context) {
      act(context);
      yield {};
    },
  };
}

function outcomeOf(port: number, method: string, options: RawOptions = {}) {
  const call = rawCall(port, `/runtime.test.Echo/${method}`, options);
  call.send(Buffer.alloc(0));
  call.end();
  return call.outcome;
}

describe.each(drivers)("$name", (driver) => {
  test.each(methods)("%s: OK and errors without a text send no grpc-message", async (method) => {
    const { port } = await startEcho(
      {
        handlers: handlersDoing((context) => {
          context.setTrailer("x-trailer", "t");
          if (context.metadata.get("x-fail").length > 0) throw new GrpcError("ABORTED", "");
        }),
      },
      driver,
    );
    const ok = await outcomeOf(port, method);
    expect(ok.trailers["grpc-status"]).toBe("0");
    expect(ok.trailers).not.toHaveProperty("grpc-message");
    const failed = await outcomeOf(port, method, { headers: { "x-fail": "1" } });
    expect(failed.trailers["grpc-status"]).toBe("10");
    expect(failed.trailers).not.toHaveProperty("grpc-message");
  });

  test.each(methods)("%s: binary values are sent without padding", async (method) => {
    const { port } = await startEcho(
      {
        handlers: handlersDoing((context) => {
          for (const value of binaries) context.setHeader("x-list-bin", value);
          for (const value of binaries) context.setTrailer("x-list-bin", value);
          context.setHeader("x-empty-bin", Buffer.alloc(0));
          context.setTrailer("x-empty-bin", Buffer.alloc(0));
        }),
      },
      driver,
    );
    const { headers, trailers } = await outcomeOf(port, method);
    for (const block of [headers, trailers]) {
      expect(block["x-list-bin"]).toBe(unpadded.join(", "));
      expect(block["x-empty-bin"]).toBe("");
    }
  });

  test.each(methods)("%s: binary values of errors are sent without padding", async (method) => {
    const { port } = await startEcho(
      {
        handlers: handlersDoing((context) => {
          context.setTrailer("x-one-bin", Buffer.from([1]));
          throw new GrpcError("ABORTED", "x", {
            details: [
              { $typeName: "google.protobuf.Any", typeUrl: "t/x", value: new Uint8Array([1]) },
            ],
          });
        }),
      },
      driver,
    );
    const { trailers } = await outcomeOf(port, method);
    expect(trailers["x-one-bin"]).toBe("AQ");
    expect(trailers["grpc-status-details-bin"]).toMatch(/^[A-Za-z0-9+/]+$/);
  });

  test.each([
    ["padded", ["AQ==", "AQI="]],
    ["without padding", ["AQ", "AQI"]],
    ["as a list", "AQ,AQI=,AQID"],
    ["as a list with spaces", "AQ==, AQI, AQID"],
    ["empty", ""],
  ])("binary values are received %s", async (_how, sent) => {
    const received: string[] = [];
    const { port } = await startEcho(
      {
        handlers: handlersDoing(({ metadata }) => {
          for (const value of metadata.get("x-data-bin")) {
            if (Buffer.isBuffer(value)) received.push(value.toString("hex"));
          }
        }),
      },
      driver,
    );
    await outcomeOf(port, "Unary", { headers: { "x-data-bin": sent } });
    const all = ["01", "0102", "010203"];
    const count = sent === "" ? 0 : typeof sent === "string" ? 3 : 2;
    expect(received).toEqual(sent === "" ? [""] : all.slice(0, count));
  });
});
