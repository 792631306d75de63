import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { collect, failure, signpost, startEcho, until } from "../support/echo.ts";
import { hanging, never, paths } from "./support/calls.ts";

describe.each(paths)("streams, $name", ({ options }) => {
  const start = (handlers: Partial<EchoHandlers>) => startEcho({ handlers }, undefined, options);

  test("a stream that is not read makes no call", async () => {
    let arrived = 0;
    const { client } = await start({
      unary: async () => ({ number: arrived }),
      serverStream: async function* () {
        arrived += 1;
        yield {};
      },
    });
    const unread = client.serverStream({});
    expect((await client.unary({})).number).toBe(0);
    const iterator = unread[Symbol.asyncIterator]();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect((await client.unary({})).number).toBe(0);
  });

  test("messages asked for all at once come in order, then the end, or the failure once", async () => {
    const { client } = await start({
      serverStream: async function* ({ number }) {
        yield { text: "1" };
        yield { text: "2" };
        if (number > 0) throw new GrpcError("ABORTED", "late");
      },
    });
    const ask = (number: number) => {
      const iterator = client.serverStream({ number })[Symbol.asyncIterator]();
      return Promise.allSettled(Array.from({ length: 4 }, () => iterator.next()));
    };
    const messages = ["1", "2"].map((text) => ({ value: { done: false, value: { text } } }));
    const end = { value: { done: true, value: undefined } };
    expect(await ask(0)).toMatchObject([...messages, end, end]);
    expect(await ask(1)).toMatchObject([...messages, { reason: { code: "ABORTED" } }, end]);
  });

  test("the final status arrives once, after the messages", async () => {
    const { client } = await start({
      serverStream: async function* () {
        yield { text: "1" };
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new GrpcError("ABORTED", "late");
      },
    });
    const iterator = client.serverStream({})[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ text: "1" });
    await expect(iterator.next()).rejects.toMatchObject({ code: "ABORTED", rawMessage: "late" });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test.each(["clientStream", "bidi"])("%s: a source of requests that throws", async (kind) => {
    const ended = signpost<unknown>();
    const started = signpost();
    const { client } = await start({
      clientStream: async (requests, { signal }) => {
        started.reach();
        signal.addEventListener("abort", () => ended.reach(signal.reason));
        for await (const _request of requests);
        return never();
      },
      bidi: async function* (requests, { signal }) {
        started.reach();
        signal.addEventListener("abort", () => ended.reach(signal.reason));
        yield {};
        for await (const _request of requests);
        await never();
      },
    });
    const cause = new Error("disk");
    async function* requests() {
      yield {};
      await started.reached;
      throw cause;
    }
    const call =
      kind === "bidi" ? collect(client.bidi(requests())) : client.clientStream(requests());
    const error = await failure(call);
    expect(error).toMatchObject({ code: "INTERNAL" });
    expect(error).toHaveProperty("cause", cause);
    expect(await ended.reached).toMatchObject({ code: "CANCELLED" });
  });

  test("a request that cannot be encoded: the error names its field", async () => {
    const { client } = await start(hanging);
    const request = { number: 2 ** 40 };
    const calls = [
      client.unary(request),
      collect(client.serverStream(request)),
      client.clientStream([request]),
      collect(client.bidi([request])),
    ];
    for (const error of await Promise.all(calls.map((call) => failure(call)))) {
      expect(error).toMatchObject({ code: "INTERNAL" });
      expect(error).toHaveProperty(
        "rawMessage",
        expect.stringMatching(
          /^the request cannot be encoded: .*runtime\.test\.EchoRequest\.number/,
        ),
      );
    }
  });

  test("the source of requests is closed when the server ends the call early", async () => {
    let closed = 0;
    const { client } = await start({
      clientStream: async () => {
        throw new GrpcError("RESOURCE_EXHAUSTED", "full");
      },
      bidi: async function* () {
        yield {};
        throw new GrpcError("RESOURCE_EXHAUSTED", "full");
      },
    });
    async function* requests() {
      try {
        for (;;) {
          yield { text: "x" };
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        closed += 1;
      }
    }
    const full = { code: "RESOURCE_EXHAUSTED", rawMessage: "full" };
    expect(await failure(client.clientStream(requests()))).toMatchObject(full);
    expect(await failure(client.bidi(requests()))).toMatchObject(full);
    await until(() => closed === 2);
  });

  test("so is a source that has nothing to send at that moment", async () => {
    const closed = signpost();
    const source: AsyncIterable<object> = {
      [Symbol.asyncIterator]: () => ({
        next: () => never(),
        return: async () => {
          closed.reach();
          return { done: true, value: undefined };
        },
      }),
    };
    const { client } = await start({
      clientStream: async () => {
        throw new GrpcError("RESOURCE_EXHAUSTED", "full");
      },
    });
    expect(await failure(client.clientStream(source))).toMatchObject({ rawMessage: "full" });
    await closed.reached;
  });
});
