import { once } from "node:events";
import { connect, constants, createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { liftResetLimit } from "../../../runtime/src/grpc-js-internals/reset-limit.ts";
import { cleanUp } from "../support/echo.ts";

/** Resets many streams of a connection. @returns whether the server ended the connection */
async function endsAfterResets(server: Http2Server, resets: number): Promise<boolean> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp(() => void server.close());
  server.on("stream", (stream) => stream.on("error", () => {}));
  const { port } = server.address() as AddressInfo;
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  cleanUp(() => session.destroy());
  for (let sent = 0; sent < resets && !session.destroyed; sent += 1) {
    const stream = session.request({ ":method": "POST" });
    stream.on("error", () => {});
    stream.close(constants.NGHTTP2_CANCEL);
    await new Promise((resolve) => stream.once("close", resolve));
  }
  // The answer comes after what the server makes of the resets.
  await new Promise<void>((resolve) => {
    if (session.destroyed || !session.ping(() => resolve())) resolve();
  });
  return session.destroyed;
}

test("canary: a server whose limit is lifted keeps the connection, one with a limit does not", async () => {
  const server = createServer();
  const limit = liftResetLimit(server);
  const resets = 1_500;
  expect(await endsAfterResets(server, resets)).toBe(limit !== undefined);
  expect(await endsAfterResets(createServer(), resets)).toBe(true);
});

test("fall-back: the limit of nghttp2, if there are no options", () => {
  const server = createServer();
  const key = Object.getOwnPropertySymbols(server).find(
    ({ description }) => description === "options",
  );
  if (key !== undefined) Reflect.set(server, key, undefined);
  expect(liftResetLimit(server)).toEqual({ burst: 1_000, perSecond: 33 });
});
