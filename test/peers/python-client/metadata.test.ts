// @module-tag python3-grpcio

import { describe, expect, test } from "vitest";
import type { CallContext } from "../../../runtime/src/index.ts";
import { echoCall, serveEcho } from "../support/echo-server.ts";
import type { MetadataPairs } from "../support/python-client.ts";
import { serverKinds } from "../support/servers.ts";
import { usePythonClient } from "../support/use-python.ts";

/** Sends what starts with `x-` back, in headers and trailers. */
function echoMetadata(context: CallContext): void {
  for (const [key, values] of Object.entries(context.metadata.toJSON())) {
    if (!key.startsWith("x-")) continue;
    for (const value of values) {
      context.setHeader(key, value);
      context.setTrailer(key, value);
    }
  }
}

const base64 = (...bytes: number[]): string => Buffer.from(bytes).toString("base64");

const cases: [string, MetadataPairs][] = [
  ["text", [["x-text", "a, b; c=d"]]],
  ["all visible ASCII", [["x-ascii", "! \"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~"]]],
  ["an empty value", [["x-empty", ""]]],
  ["every byte", [["x-all-bin", base64(...Array.from({ length: 256 }, (_, byte) => byte))]]],
  ["one byte", [["x-1-bin", base64(0xff)]]],
  ["two bytes", [["x-2-bin", base64(0xff, 0)]]],
  ["three bytes", [["x-3-bin", base64(0, 0xff, 0)]]],
  ["no bytes", [["x-0-bin", ""]]],
  [
    "several binary values",
    [
      ["x-n-bin", base64(1)],
      ["x-n-bin", ""],
      ["x-n-bin", base64(2, 3)],
    ],
  ],
  ["text that looks like base64", [["x-n-bin", Buffer.from("AAAA,BBBB==").toString("base64")]]],
];

describe.each(serverKinds)("metadata of a Python client of $name", (kind) => {
  const client = usePythonClient();

  test.each(cases)("%s", async (_, metadata) => {
    const port = await serveEcho(kind, {
      unary: async (_request, context) => {
        echoMetadata(context);
        return {};
      },
    });
    const { code, header, trailer } = await client.call(echoCall(port, "Unary", { metadata }));
    expect({ code, header, trailer }).toEqual({ code: "OK", header: metadata, trailer: metadata });
  });

  // As the protocol allows, Node joins them on their way in.
  test("several values of text arrive as one", async () => {
    const port = await serveEcho(kind, {
      unary: async (_request, context) => {
        echoMetadata(context);
        for (const value of ["1", "2", "1"]) context.setTrailer("y-many", value);
        return {};
      },
    });
    const metadata: MetadataPairs = [
      ["x-many", "1"],
      ["x-many", "2"],
    ];
    const { header, trailer } = await client.call(echoCall(port, "Unary", { metadata }));
    expect(header).toEqual([["x-many", "1, 2"]]);
    const sent = trailer.filter(([key]) => key === "y-many").map(([, value]) => value);
    expect(sent).toEqual(["1", "2", "1"]);
  });

  test("trailers of a failed call", async () => {
    const metadata = [["x-why-bin", base64(1)]] as const;
    const port = await serveEcho(kind, {
      // biome-ignore lint/correctness/useYield: fails before.
      async *serverStream(_request, context) {
        echoMetadata(context);
        throw new Error("a bug");
      },
    });
    const call = echoCall(port, "ServerStream", { metadata });
    const { code, details, trailer } = await client.call(call);
    expect({ code, details }).toEqual({ code: "INTERNAL", details: "internal error" });
    expect(trailer).toContainEqual(metadata[0]);
  });
});
