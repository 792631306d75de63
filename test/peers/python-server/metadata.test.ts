// @module-tag python3-grpcio

import { Metadata } from "@grpc/grpc-js";
import { beforeAll, describe, expect, test } from "vitest";
import { echoClient } from "../support/echo-client.ts";
import { usePythonServer } from "../support/use-python.ts";

const bytes = (...values: number[]): Buffer => Buffer.from(values);

const cases: [string, string, (string | Buffer)[]][] = [
  ["text", "x-echo", ["a, b; c=d"]],
  ["all visible ASCII", "x-echo", ["! \"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~"]],
  ["an empty value", "x-echo", [""]],
  ["every byte", "x-echo-bin", [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))]],
  ["one byte", "x-echo-bin", [bytes(0xff)]],
  ["two bytes", "x-echo-bin", [bytes(0xff, 0)]],
  ["three bytes", "x-echo-bin", [bytes(0, 0xff, 0)]],
  ["no bytes", "x-echo-bin", [bytes()]],
  ["several binary values", "x-echo-bin", [bytes(1), bytes(), bytes(2, 3)]],
  ["text that looks like base64", "x-echo-bin", [Buffer.from("AAAA,BBBB==")]],
];

describe("metadata to a Python server and back", () => {
  const server = usePythonServer();
  let address: string;
  beforeAll(async () => {
    address = `127.0.0.1:${await server().start()}`;
  });

  async function echoed(key: string, values: (string | Buffer)[]) {
    const received: { header?: Metadata; trailer?: Metadata } = {};
    const metadata = new Metadata();
    for (const value of values) metadata.add(key, value);
    await echoClient(address).unary(
      {},
      {
        metadata,
        onHeader: (header) => Object.assign(received, { header }),
        onTrailer: (trailer) => Object.assign(received, { trailer }),
      },
    );
    return [received.header?.get(key), received.trailer?.get(key)];
  }

  test.each(cases)("%s", async (_, key, values) => {
    expect(await echoed(key, values)).toEqual([values, values]);
  });

  // As the protocol allows, Node joins them on their way in.
  test("several values of text arrive as one", async () => {
    expect(await echoed("x-echo", ["1", "2", "1"])).toEqual([["1, 2, 1"], ["1, 2, 1"]]);
  });
});
