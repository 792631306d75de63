import { once } from "node:events";
import type { ClientHttp2Session } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, signpost } from "../support/echo.ts";
import { frame } from "../support/raw-call.ts";
import { openSession } from "./http2-calls.ts";

/** @returns the status */
async function ask(session: ClientHttp2Session, headers: Record<string, string>): Promise<unknown> {
  const stream = session.request({
    ":method": "POST",
    ":path": "/runtime.test.Echo/Unary",
    "content-type": "application/grpc",
    ...headers,
  });
  const statuses: unknown[] = [];
  for (const event of ["response", "trailers"]) {
    stream.on(event, (block) => statuses.push(block["grpc-status"]));
  }
  stream.resume().end(frame(new Uint8Array()));
  await once(stream, "close");
  return statuses.at(-1);
}

test("a call whose deadline passes while it waits ends without its handler", async () => {
  let runs = 0;
  const [started, free] = [signpost(), signpost()];
  const handlers = {
    unary: async () => {
      runs += 1;
      started.reach();
      await free.reached;
      return {};
    },
  };
  const server = new GrpcServer({
    services: [implement(echoDefinition, handlers)],
    limits: { maxConcurrentStreams: 1 },
  });
  cleanUp(() => server.stop(0));
  const session = await openSession(await server.listen("127.0.0.1:0"));
  const first = ask(session, {});
  await started.reached;
  const late = ask(session, { "grpc-timeout": "5m" });
  const patient = ask(session, { "grpc-timeout": "60S" });
  // All that was sent before it has arrived by then.
  await new Promise<void>((resolve) => void session.ping(() => resolve()));
  await delay(20);
  free.reach();
  expect(await Promise.all([first, late, patient])).toEqual(["0", "4", "0"]);
  expect(runs).toBe(2);
});
