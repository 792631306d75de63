import { describe, expect, test } from "vitest";
import { GrpcError, implement } from "../../../runtime/src/index.ts";
import { type Abuse, GrpcServer } from "../../../runtime/src/server/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { took } from "../support/best-of.ts";
import { cleanUp, connect, failure, signpost, until } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";
import { resetStreams } from "./abuses.ts";
import { startServer } from "./start-server.ts";

const one = { maxConcurrentStreams: 1 };

/** Calls that wait for `finish`. Counts those that have started. */
function gated() {
  const gate = signpost();
  const started: string[] = [];
  const handlers: Partial<EchoHandlers> = {
    unary: async ({ text }) => {
      started.push(text);
      await gate.reached;
      return { text };
    },
  };
  return { handlers, started, finish: () => gate.reach() };
}

describe.each([own, plain])("$name", (kind) => {
  test("no more calls of a connection run than allowed; the others wait for them", async () => {
    let running = 0;
    let most = 0;
    const unary: EchoHandlers["unary"] = async ({ number }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      return { number };
    };
    const port = await kind.listen({ unary }, { maxConcurrentStreams: 3 });
    const client = connect(`127.0.0.1:${port}`, { resilience: { retry: false } });
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    const replies = await Promise.all(numbers.map((number) => client.unary({ number })));
    expect(replies.map(({ number }) => number)).toEqual(numbers);
    expect(most).toBe(3);
  });

  test("calls wait in the order of their arrival", async () => {
    const { handlers, started, finish } = gated();
    const port = await kind.listen(handlers, one);
    const client = connect(`127.0.0.1:${port}`);
    const texts = ["a", "b", "c", "d"];
    const calls = texts.map((text) => client.unary({ text }));
    await until(() => started.length === 1);
    finish();
    await Promise.all(calls);
    expect(started).toEqual(texts);
  });

  test("another connection does not wait", async () => {
    const { handlers, started, finish } = gated();
    const port = await kind.listen(handlers, one);
    const calls = ["a", "b"].map((text) => connect(`127.0.0.1:${port}`).unary({ text }));
    await until(() => started.length === 2);
    finish();
    await Promise.all(calls);
  });

  test("a call that is cancelled while it waits never runs", async () => {
    const { handlers, started, finish } = gated();
    const port = await kind.listen(handlers, one);
    const client = connect(`127.0.0.1:${port}`);
    const first = client.unary({ text: "first" });
    await until(() => started.length === 1);
    const cancelled = failure(client.unary({ text: "late" }, { signal: AbortSignal.timeout(50) }));
    const last = client.unary({ text: "last" });
    expect(await cancelled).toMatchObject({ code: "CANCELLED" });
    finish();
    await Promise.all([first, last]);
    expect(started).toEqual(["first", "last"]);
  });

  test("waiting takes time off the deadline that the handler sees", async () => {
    const gate = signpost();
    const leftMs: number[] = [];
    const unary: EchoHandlers["unary"] = async (_request, { deadline }) => {
      leftMs.push((deadline?.getTime() ?? 0) - Date.now());
      await gate.reached;
      return {};
    };
    const port = await kind.listen({ unary }, one);
    const client = connect(`127.0.0.1:${port}`);
    const calls = [client.unary({}), client.unary({})];
    await until(() => leftMs.length === 1);
    const waitMs = 300;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    gate.reach();
    await Promise.all(calls);
    const [first = 0, second = 0] = leftMs;
    expect(second).toBeLessThan(first - waitMs / 2);
  });

  test("a connection that resets too many calls takes no more, which is reported once", async () => {
    const abuses: Abuse[] = [];
    const limits = { resetBurst: 100, resetsPerSecond: 10 };
    const port = await kind.listen({}, limits, undefined, (abuse) => abuses.push(abuse));
    await resetStreams(port, 300);
    await until(() => abuses.length > 0);
    expect(abuses).toEqual([
      {
        peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        cause: "the peer resets more of its calls than allowed",
      },
    ]);
  });

  test("running calls of such a connection finish, and further ones use another", async () => {
    const { handlers, started, finish } = gated();
    const abuses: Abuse[] = [];
    const limits = { resetBurst: 10, resetsPerSecond: 1 };
    const port = await kind.listen(handlers, limits, undefined, (abuse) => abuses.push(abuse));
    const client = connect(`127.0.0.1:${port}`);
    const running = client.unary({ text: "running" });
    await until(() => started.length === 1);
    while (abuses.length === 0) {
      await failure(client.unary({ text: "reset" }, { signal: AbortSignal.timeout(1) }));
    }
    const another = client.unary({ text: "another" });
    await until(() => started.includes("another"));
    finish();
    expect(await running).toMatchObject({ text: "running" });
    expect(await another).toMatchObject({ text: "another" });
  });
});

test("the limit of grpc-js' own option counts too", async () => {
  const { handlers, started, finish } = gated();
  const { address } = await startServer(handlers, { "grpc.max_concurrent_streams": 1 });
  const client = connect(address);
  const calls = ["a", "b"].map((text) => client.unary({ text }));
  await until(() => started.length === 1);
  finish();
  await Promise.all(calls);
  expect(started).toEqual(["a", "b"]);
});

describe("a GrpcServer that stops", () => {
  async function start(handlers: Partial<EchoHandlers>) {
    const services = [implement(echoDefinition, handlers)];
    const server = new GrpcServer({ services, limits: one });
    cleanUp(() => server.stop(0));
    const port = await server.listen("127.0.0.1:0");
    return { server, client: connect(`127.0.0.1:${port}`, { resilience: { retry: false } }) };
  }

  test("runs the calls that wait", async () => {
    const { handlers, started, finish } = gated();
    const { server, client } = await start(handlers);
    const calls = ["a", "b", "c"].map((text) => client.unary({ text }));
    await until(() => started.length === 1);
    const stopped = took(server.stop(10_000));
    finish();
    expect(await Promise.all(calls)).toHaveLength(3);
    // Not after its grace period.
    expect(await stopped).toBeLessThan(5_000);
  });

  test("does not wait for calls that were cancelled while they waited", async () => {
    const { handlers, started, finish } = gated();
    const { server, client } = await start(handlers);
    const first = client.unary({ text: "first" });
    await until(() => started.length === 1);
    const cancelled = failure(client.unary({ text: "late" }, { signal: AbortSignal.timeout(50) }));
    expect(await cancelled).toMatchObject({ code: "CANCELLED" });
    const stopped = took(server.stop(10_000));
    finish();
    await first;
    expect(await stopped).toBeLessThan(5_000);
  });

  test("ends those that wait longer than its grace period with UNAVAILABLE", async () => {
    const { handlers, started } = gated();
    const { server, client } = await start(handlers);
    const calls = ["a", "b", "c"].map((text) => failure(client.unary({ text })));
    await until(() => started.length === 1);
    await server.stop(50);
    const errors = await Promise.all(calls);
    for (const error of errors) {
      expect(error).toBeInstanceOf(GrpcError);
      expect(error).toMatchObject({ code: "UNAVAILABLE" });
    }
    expect(started).toHaveLength(1);
  });
});
