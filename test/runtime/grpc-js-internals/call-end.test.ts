import * as grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { settled, until } from "../support/echo.ts";
import { frame, rawCall } from "../support/raw-call.ts";
import { startNativeServer } from "./native-server.ts";

/**
 * `DispatchedCall` and `PlainCall` release a call when grpc-js calls `onCancel` or emits
 * `cancelled`. By their names these are for cancelled calls; grpc-js uses them at the end of every
 * call.
 */
const ends = [
  { name: "a call with a status", end: () => {} },
  { name: "a cancelled call", end: (call: ReturnType<typeof rawCall>) => call.cancel() },
  {
    name: "a lost connection",
    end: (call: ReturnType<typeof rawCall>) => call.session.destroy(),
  },
];

test.each(ends)(
  "canary: grpc-js notifies interceptors and handlers once of the end of $name",
  async ({ name, end }) => {
    const notified: string[] = [];
    const notify: grpc.ServerInterceptor = (_method, below) =>
      new grpc.ServerInterceptingCall(below, {
        start: (next) =>
          next({
            onCancel: () => notified.push("onCancel"),
          }),
      });
    let arrived = false;
    const { port } = await startNativeServer(
      {
        unary: (call, callback) => {
          arrived = true;
          call.once("cancelled", () => notified.push("cancelled"));
          if (name.includes("status")) callback(null, Buffer.alloc(0));
        },
      },
      { interceptors: [notify] },
    );
    const call = rawCall(port, "/native/Unary");
    call.raw(frame(Buffer.alloc(0)));
    call.end();
    await until(() => arrived);
    end(call);
    await until(() => notified.length >= 2);
    expect(await settled(() => notified.length)).toBe(2);
    expect(notified.toSorted()).toEqual(["cancelled", "onCancel"]);
  },
);
