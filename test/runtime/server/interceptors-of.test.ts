import { expect, test } from "vitest";
import type { InterceptorsOf } from "../../../runtime/src/server/index.ts";
import { drivers } from "../support/drivers.ts";
import { collect, startEcho } from "../support/echo.ts";

test.each(drivers)("$name: interceptors are chosen once for each method", async (driver) => {
  const asked: string[] = [];
  const ran: string[] = [];
  const interceptors: InterceptorsOf = ({ name, kind }) => {
    asked.push(name);
    if (kind !== "unary") return [];
    return [
      async (call, next) => {
        ran.push(call.method.name);
        await next();
      },
    ];
  };
  const { client } = await startEcho(
    {
      handlers: {
        unary: async () => ({}),
        serverStream: async function* () {
          yield {};
        },
      },
      interceptors,
    },
    driver,
  );
  for (let round = 0; round < 2; round += 1) {
    await client.unary({});
    await collect(client.serverStream({}));
  }
  expect(asked).toEqual(["Unary", "ServerStream", "ClientStream", "Bidi"]);
  expect(ran).toEqual(["Unary", "Unary"]);
});
