import { once } from "node:events";
import { connect, createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { skipUndefinedHeaders } from "../../../runtime/src/grpc-js-internals/undefined-headers.ts";
import { cleanUp } from "../support/echo.ts";

/** Answers a call as grpc-js does. @returns what has arrived, and what http2 was given */
async function answer(needed: boolean) {
  const given: string[][] = [];
  const server = createServer();
  server.on("stream", (stream: ServerHttp2Stream) => {
    const { respond, sendTrailers } = stream;
    stream.respond = (headers = {}, options) => {
      given.push(Object.keys(headers));
      respond.call(stream, headers, options);
    };
    stream.sendTrailers = (trailers) => {
      given.push(Object.keys(trailers));
      sendTrailers.call(stream, trailers);
    };
    skipUndefinedHeaders(stream, needed);
    stream.respond({ ":status": 200, "x-none": undefined }, { waitForTrailers: true });
    stream.once("wantTrailers", () => {
      stream.sendTrailers({ "grpc-status": "0", "grpc-message": undefined });
    });
    stream.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  cleanUp(() => {
    session.destroy();
    server.close();
  });
  const stream = session.request();
  stream.resume();
  const [trailers] = await once(stream, "trailers");
  return { trailers, given };
}

test("headers without a value do not reach http2 where it refuses them", async () => {
  const { trailers, given } = await answer(true);
  expect(given).toEqual([[":status"], ["grpc-status"]]);
  expect(trailers).toMatchObject({ "grpc-status": "0" });
});

test("in Node they do: http2 skips them", async () => {
  const { trailers, given } = await answer(false);
  expect(given).toEqual([
    [":status", "x-none"],
    ["grpc-status", "grpc-message"],
  ]);
  expect(Object.keys(trailers)).toEqual(["grpc-status"]);
});
