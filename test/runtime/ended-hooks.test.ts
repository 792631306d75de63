import { describe, expect, test } from "vitest";
import type { ServerInterceptor } from "../../runtime/src/index.ts";
import type { EchoHandlers } from "./gen/echo_grpc.ts";
import { drivers } from "./support/drivers.ts";
import { signpost, startEcho } from "./support/echo.ts";
import { rawCall } from "./support/raw-call.ts";

describe.each(drivers)("a call that ends while a hook is busy, $name", (driver) => {
  test.each(["Unary", "ServerStream"])("%s: its handler does not run", async (method) => {
    let runs = 0;
    const count: Partial<EchoHandlers> = {
      unary: async () => {
        runs += 1;
        return {};
      },
      serverStream: async function* () {
        runs += 1;
        yield {};
      },
    };
    const [hooked, ended, left] = [signpost(), signpost(), signpost()];
    const slow: ServerInterceptor = async (call, next) => {
      call.signal.addEventListener("abort", () => ended.reach());
      call.onRequest(async () => {
        hooked.reach();
        await ended.reached;
      });
      await next().finally(() => left.reach());
    };
    const { port } = await startEcho({ handlers: count, interceptors: [slow] }, driver);
    const call = rawCall(port, `/runtime.test.Echo/${method}`);
    call.send(new Uint8Array());
    call.end();
    await hooked.reached;
    call.cancel();
    await left.reached;
    expect(runs).toBe(0);
  });
});
