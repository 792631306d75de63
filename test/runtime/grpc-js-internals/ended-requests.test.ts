import { once } from "node:events";
import { connect, createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { hasEnded } from "../../../runtime/src/grpc-js-internals/ended-requests.ts";
import { cleanUp, until } from "../support/echo.ts";

test("canary: Node says that a request has arrived in full before it says so by an event", async () => {
  const server = createServer();
  const streams: ServerHttp2Stream[] = [];
  server.on("stream", (stream) => streams.push(stream));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  cleanUp(() => {
    session.destroy();
    server.close();
  });
  const request = session.request({ ":method": "POST" });
  request.write("first");
  await until(() => streams[0]?.readableLength === 5);
  const [stream] = streams;
  expect(stream && hasEnded(stream)).toBe(false);
  expect(String(stream?.read())).toBe("first");
  expect(stream && hasEnded(stream)).toBe(false);

  request.end("last");
  await until(() => stream?.readableLength === 4);
  // There is something left to read.
  expect(stream && hasEnded(stream)).toBe(false);
  expect(String(stream?.read())).toBe("last");
  expect(stream?.readableEnded).toBe(false);
  expect(stream && hasEnded(stream)).toBe(true);
});

test("fall-back: without the field, the event counts", async () => {
  const stream = Readable.from(["all"]);
  Object.defineProperty(stream, "_readableState", {
    value: new Proxy(Reflect.get(stream, "_readableState"), {
      get: (state, key) => (key === "ended" ? undefined : Reflect.get(state, key)),
    }),
  });
  expect(hasEnded(stream)).toBe(false);
  await once(stream.resume(), "end");
  expect(hasEnded(stream)).toBe(true);
});
