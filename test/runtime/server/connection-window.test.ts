import { once } from "node:events";
import { connect } from "node:http2";
import { describe, expect, test, vi } from "vitest";
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

  test("a peer that has confirmed its window keeps its connection", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    cleanUp(() => void vi.useRealTimers());
    const port = await kind.listen({}, { maxConcurrentStreams: 10 });
    const session = connect(`http://127.0.0.1:${port}`);
    cleanUp(() => session.destroy());
    const ping = () => new Promise((resolve) => session.ping(resolve));
    await once(session, "remoteSettings");
    for (let index = 0; index < many; index += 1) startCall(session, "ClientStream");
    await once(session, "remoteSettings");
    // Its confirmation arrives before the ping.
    expect(await ping()).toBeNull();
    vi.advanceTimersByTime(15_000);
    expect(await ping()).toBeNull();
    expect(session.destroyed).toBe(false);
  });
});
