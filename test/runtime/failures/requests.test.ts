import { describe, expect, test } from "vitest";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import { good } from "./calls.ts";

describe.each(drivers)("$name", (driver) => {
  test.each([
    ["Unary", 0, "12"],
    ["Unary", 2, "12"],
    ["ServerStream", 0, "12"],
    ["ServerStream", 3, "12"],
  ])("%s with %i requests is refused", async (method, count, status) => {
    const { port } = await startEcho({ handlers: good }, driver);
    const call = rawCall(port, `/runtime.test.Echo/${method}`);
    for (let index = 0; index < count; index += 1) call.send(Buffer.alloc(0));
    call.end();
    expect((await call.outcome).trailers["grpc-status"]).toBe(status);
  });

  test.each(["Unary", "ServerStream", "ClientStream", "Bidi"])(
    "%s with bytes that are no message",
    async (method) => {
      const { port, errors } = await startEcho({ handlers: good }, driver);
      const call = rawCall(port, `/runtime.test.Echo/${method}`);
      call.send(Buffer.from([0xff, 0xff, 0xff]));
      call.end();
      expect((await call.outcome).trailers["grpc-status"]).toBe("13");
      expect(errors).toEqual([]);
    },
  );
});
