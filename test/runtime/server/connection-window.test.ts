import { once } from "node:events";
import { connect } from "node:http2";
import { describe, expect, test } from "vitest";
import { cleanUp, until } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";
import { startCall } from "./http2-calls.ts";

const wide = 1024 * 1024;
const narrow = 65_535;
const many = 65;

describe.each([own, plain])("$name", (kind) => {
  test("many calls of a connection have a narrow window each, few have a wide one", async () => {
    const port = await kind.listen({}, { maxConcurrentStreams: 10 });
    const session = connect(`http://127.0.0.1:${port}`);
    cleanUp(() => session.destroy());
    const windows: unknown[] = [];
    session.on("remoteSettings", ({ initialWindowSize }) => windows.push(initialWindowSize));
    await once(session, "remoteSettings");
    const streams = Array.from({ length: many - 1 }, () => startCall(session, "ClientStream"));
    await new Promise((resolve) => session.ping(resolve));
    expect(windows).toEqual([wide]);
    streams.push(startCall(session, "ClientStream"));
    await until(() => windows.length === 2);
    for (const stream of streams) stream.close();
    await until(() => windows.length === 3);
    expect(windows).toEqual([wide, narrow, wide]);
  });
});
