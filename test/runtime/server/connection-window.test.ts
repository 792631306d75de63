import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { describe, expect, test } from "vitest";
import { cleanUp, until } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";

const wide = 1024 * 1024;
const narrow = 65_535;
const many = 65;

function startCall(session: ClientHttp2Session): ClientHttp2Stream {
  const stream = session.request({
    ":method": "POST",
    ":path": "/runtime.test.Echo/ClientStream",
    "content-type": "application/grpc",
  });
  stream.on("error", () => {});
  return stream;
}

describe.each([own, plain])("$name", (kind) => {
  test("many calls of a connection have a narrow window each, few have a wide one", async () => {
    const port = await kind.listen({}, { maxConcurrentStreams: 10 });
    const session = connect(`http://127.0.0.1:${port}`);
    cleanUp(() => session.destroy());
    const windows: unknown[] = [];
    session.on("remoteSettings", ({ initialWindowSize }) => windows.push(initialWindowSize));
    await once(session, "remoteSettings");
    const streams = Array.from({ length: many - 1 }, () => startCall(session));
    await new Promise((resolve) => session.ping(resolve));
    expect(windows).toEqual([wide]);
    streams.push(startCall(session));
    await until(() => windows.length === 2);
    for (const stream of streams) stream.close();
    await until(() => windows.length === 3);
    expect(windows).toEqual([wide, narrow, wide]);
  });
});
