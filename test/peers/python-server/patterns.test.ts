// @module-tag python3-grpcio

import { randomBytes } from "node:crypto";
import { compressionAlgorithms } from "@grpc/grpc-js";
import { beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../runtime/support/echo.ts";
import { asked, echoClient } from "../support/echo-client.ts";
import { usePythonServer } from "../support/use-python.ts";

describe("a generated client of a Python server", () => {
  const server = usePythonServer();
  let address: string;
  beforeAll(async () => {
    address = `127.0.0.1:${await server().start()}`;
  });

  test("unary", async () => {
    const request = { text: "홍길동 😈", number: -7, data: Buffer.from([0, 255]) };
    expect(await echoClient(address).unary(request)).toMatchObject(request);
  });

  test.each([0, 1, 100])("server streaming of %i responses", async (number) => {
    const replies = await collect(echoClient(address).serverStream({ text: "a", number }));
    expect(replies.map((reply) => reply.number)).toEqual([...Array(number).keys()]);
  });

  test.each([0, 1, 100])("client streaming of %i requests", async (count) => {
    const requests = Array.from({ length: count }, () => ({ text: "a", number: 2 }));
    const { text, number } = await echoClient(address).clientStream(requests);
    expect({ text, number }).toEqual({ text: "a ".repeat(count).trim(), number: 2 * count });
  });

  test.each([0, 1, 100])("bidirectional with %i requests", async (count) => {
    const requests = Array.from({ length: count }, (_, number) => ({ number }));
    const replies = await collect(echoClient(address).bidi(requests));
    expect(replies.map(({ number }) => ({ number }))).toEqual(requests);
  });

  test.each(["identity", "gzip", "deflate"] as const)(
    "large messages, sent with %s and answered as they are and with gzip",
    async (encoding) => {
      const data = Buffer.concat([randomBytes(1024 * 1024), Buffer.alloc(2 * 1024 * 1024)]);
      const client = echoClient(address, {
        channelOptions: { "grpc.default_compression_algorithm": compressionAlgorithms[encoding] },
      });
      for (const metadata of [asked(), asked("gzip")]) {
        const { data: reply } = await client.unary({ data }, { metadata });
        expect(data.equals(reply)).toBe(true);
        const replies = await collect(client.bidi([{ data }, { text: "small" }], { metadata }));
        expect(replies.map(({ text, data: { length } }) => [text, length])).toEqual([
          ["", data.length],
          ["small", 0],
        ]);
      }
    },
  );
});
