import { describe, expect, test } from "vitest";
import type { CallContext, ServerInterceptor } from "../../../runtime/src/index.ts";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";

const methods = ["Unary", "ServerStream", "ClientStream", "Bidi"] as const;

/** Handlers that take a moment and return the deadline they see. */
function handlersTelling(deadlines: (Date | undefined)[]) {
  const pause = async ({ deadline }: CallContext) => {
    deadlines.push(deadline);
    await new Promise((resolve) => setTimeout(resolve, 40));
    return {};
  };
  return {
    unary: (_request: unknown, context: CallContext) => pause(context),
    serverStream: async function* (_request: unknown, context: CallContext) {
      yield await pause(context);
    },
    clientStream: (_requests: unknown, context: CallContext) => pause(context),
    bidi: async function* (_requests: unknown, context: CallContext) {
      yield await pause(context);
    },
  };
}

async function statusOf(port: number, method: string, timeout: string) {
  const call = rawCall(port, `/runtime.test.Echo/${method}`, {
    headers: { "grpc-timeout": timeout },
  });
  call.send(Buffer.alloc(0));
  call.end();
  const { trailers, statuses } = await call.outcome;
  expect(statuses).toHaveLength(1);
  return Number(trailers["grpc-status"]);
}

describe.each(drivers)("$name", (driver) => {
  // What 2^31 milliseconds and more become in 32 bits: negative, zero, small.
  test.each(["99999999H", "2562048H", "1193047H", "99999999M", "597H", "4294968S", "99999999S"])(
    "a timeout of %s does not fire early",
    async (timeout) => {
      const deadlines: (Date | undefined)[] = [];
      const { port } = await startEcho({ handlers: handlersTelling(deadlines) }, driver);
      for (const method of methods) expect(await statusOf(port, method, timeout)).toBe(0);
      expect(deadlines).toEqual([undefined, undefined, undefined, undefined]);
    },
  );

  test.each(["2147480S", "24H", "35000M"])("a timeout of %s is kept", async (timeout) => {
    const deadlines: (Date | undefined)[] = [];
    const { port } = await startEcho({ handlers: handlersTelling(deadlines) }, driver);
    for (const method of methods) await statusOf(port, method, timeout);
    for (const deadline of deadlines) expect(deadline).toBeInstanceOf(Date);
  });

  test("handlers and inner interceptors see the deadline that an interceptor has set", async () => {
    const earlier = new Date(Date.now() + 30_000);
    const deadlines: (Date | undefined)[] = [];
    const shorten: ServerInterceptor = async (call, next) => {
      call.deadline = earlier;
      await next();
    };
    const look: ServerInterceptor = async (call, next) => {
      deadlines.push(call.deadline);
      await next();
    };
    const handlers = handlersTelling(deadlines);
    const { port } = await startEcho({ handlers, interceptors: [shorten, look] }, driver);
    for (const method of methods) await statusOf(port, method, "1H");
    expect(deadlines).toEqual(Array(2 * methods.length).fill(earlier));
  });

  test.each(["0n", "1n", "999u", "0S"])("a timeout of %s has passed at once", async (timeout) => {
    const { port } = await startEcho({ handlers: handlersTelling([]) }, driver);
    for (const method of methods) expect(await statusOf(port, method, timeout)).toBe(4);
  });

  test.each(["", "S", "5", "-5S", "5 S", "5s", "1.5S", "100000000S", "5S, 5S", "Infinity", "x5Sx"])(
    "a timeout of %j is malformed",
    async (timeout) => {
      const { port } = await startEcho({ handlers: handlersTelling([]) }, driver);
      for (const method of methods) expect(await statusOf(port, method, timeout)).toBe(13);
    },
  );
});
