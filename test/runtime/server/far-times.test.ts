import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { cleanUp } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";
import { rawCall } from "../support/raw-call.ts";
import { rawSocket } from "./raw-socket.ts";

/** More than a timer of Node can hold, which fires at once then. */
const farTimes = [2 ** 31, 2 ** 35, Number.POSITIVE_INFINITY];
/** Longer than such a timer takes. */
const pauseMs = 100;

describe.each([own, plain])("$name", (kind) => {
  test.each(farTimes)("a connection may start HTTP/2 late within %d ms", async (ms) => {
    const port = await kind.listen({}, { prefaceTimeoutMs: ms });
    const socket = await rawSocket(port);
    await delay(pauseMs);
    const session = connectHttp2(`http://127.0.0.1:${port}`, { createConnection: () => socket });
    session.on("error", () => {});
    cleanUp(() => session.destroy());
    expect(await new Promise((resolve) => session.ping(resolve))).toBeNull();
  });
});

test.each(farTimes)("a request may be late within %d ms", async (ms) => {
  const port = await own.listen({ unary: async () => ({}) }, { requestTimeoutMs: ms });
  const call = rawCall(port, "/runtime.test.Echo/Unary");
  await once(call.session, "remoteSettings");
  await delay(pauseMs);
  call.send(Buffer.alloc(0));
  call.end();
  expect((await call.outcome).statuses).toEqual(["0"]);
});
