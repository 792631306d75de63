import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { GrpcError, implement, type ServerLimits } from "../../../runtime/src/index.ts";
import { auth } from "../../../runtime/src/interceptors/auth/index.ts";
import { when } from "../../../runtime/src/interceptors/index.ts";
import { startTestServer, type TestServerOptions } from "../../../runtime/src/testing/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, failure } from "../support/echo.ts";

async function start(handlers: Partial<EchoHandlers>, options: TestServerOptions = {}) {
  const server = await startTestServer([implement(echoDefinition, handlers)], options);
  cleanUp(() => server.close());
  return server;
}

const echo: Partial<EchoHandlers> = { unary: async ({ text }) => ({ text }) };

test("handlers are called through a client over a socket", async () => {
  const { address, client } = await start(echo);
  expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect((await client(EchoClient).unary({ text: "hello" })).text).toBe("hello");
});

test("calls of a busy machine wait, unless a limit of the test says otherwise", async () => {
  const slow: Partial<EchoHandlers> = { unary: () => delay(50, {}) };
  const callMany = async (limits: Partial<ServerLimits>) => {
    const { client } = await start(slow, { limits: { maxRunningCalls: 1, ...limits } });
    const echoes = client(EchoClient);
    await Promise.all(Array.from({ length: 30 }, () => echoes.unary({})));
  };
  await callMany({});
  const refused = await failure(callMany({ maxWaitMs: 100 }));
  expect(refused).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
});

test("servers run side by side", async () => {
  const [one, two] = [await start(echo), await start(echo)];
  expect(one.address).not.toBe(two.address);
});

test("a client takes options", async () => {
  const { client } = await start({ unary: () => new Promise(() => {}) });
  const impatient = client(EchoClient, { unaryTimeoutMs: 100 });
  expect(await failure(impatient.unary({}))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
});

test("interceptors run outermost first, with what selects methods for them", async () => {
  const ran: string[] = [];
  const note = (name: string) => async (_call: unknown, next: () => Promise<void>) => {
    ran.push(name);
    await next();
  };
  const { client } = await start(echo, {
    interceptors: [
      note("outer"),
      when({ kinds: ["bidi_streaming"] }, note("bidi")),
      false,
      when({ environments: ["test"] }, note("inner")),
    ],
  });
  await client(EchoClient).unary({});
  expect(ran).toEqual(["outer", "inner"]);
});

test("an interceptor that does not fit the services is refused", async () => {
  const authenticate = async (subject: string) => ({ subject, scopes: [] });
  const publicMethods = ["runtime.test.Echo/Unray"];
  await expect(
    start(echo, { interceptors: [auth({ authenticate, publicMethods })] }),
  ).rejects.toThrow("an interceptor is for runtime.test.Echo/Unray, which is not served");
});

test("limits", async () => {
  const { client } = await start(echo, { limits: { maxReceiveMessageBytes: 100 } });
  const call = client(EchoClient).unary({ text: "x".repeat(200) });
  expect(await failure(call)).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
});

test("failures that are not a GrpcError are passed to onError", async () => {
  const errors: unknown[] = [];
  const bug = new Error("a bug");
  const failures = [bug, new GrpcError("NOT_FOUND", "nothing here")];
  const { client } = await start(
    {
      unary: async () => {
        throw failures.shift();
      },
    },
    { onError: (error) => void errors.push(error) },
  );
  for (const code of ["INTERNAL", "NOT_FOUND"]) {
    expect(await failure(client(EchoClient).unary({}))).toMatchObject({ code });
  }
  expect(errors).toEqual([bug]);
});

test("stop ends running calls after a short grace period; the channel stays open", async () => {
  const server = await start({ unary: () => new Promise(() => {}) });
  const client = server.client(EchoClient);
  const running = failure(client.unary({}));
  const before = performance.now();
  await server.stop();
  expect(performance.now() - before).toBeLessThan(5000);
  expect(await running).toMatchObject({ code: "UNAVAILABLE" });
  expect(await failure(client.unary({}))).toMatchObject({ code: "UNAVAILABLE" });
});

test("close closes the channel too, and may be called twice", async () => {
  const server = await start(echo);
  await server.close();
  await server.close();
  await expect(server.client(EchoClient).unary({})).rejects.toThrow();
});
