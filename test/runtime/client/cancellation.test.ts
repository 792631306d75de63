import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import type { ServerInterceptor } from "../../../runtime/src/index.ts";
import { bestOf, took } from "../support/best-of.ts";
import { collect, failure, signpost, startEcho, until } from "../support/echo.ts";
import { callOf, hanging, kinds, never, paths } from "./support/calls.ts";

describe.each(paths)("cancellation, $name", ({ options }) => {
  /** Handlers that wait for the end of their call, and the reasons they were given for it. */
  function watched() {
    const arrived = signpost();
    const reasons: unknown[] = [];
    const watch = (signal: AbortSignal) => {
      if (signal.aborted) reasons.push(signal.reason);
      else signal.addEventListener("abort", () => reasons.push(signal.reason));
      arrived.reach();
    };
    const handlers = {
      unary: (_request: unknown, { signal }: { signal: AbortSignal }) => {
        watch(signal);
        return never();
      },
      serverStream: async function* (_request: unknown, { signal }: { signal: AbortSignal }) {
        watch(signal);
        yield await never();
      },
      clientStream: (_requests: unknown, { signal }: { signal: AbortSignal }) => {
        watch(signal);
        return never();
      },
      bidi: async function* (_requests: unknown, { signal }: { signal: AbortSignal }) {
        watch(signal);
        yield await never();
      },
    };
    return { arrived: arrived.reached, reasons, handlers };
  }

  test.each(kinds)("%s: a signal cancels the call, here and on the server", async (kind) => {
    const { handlers, arrived, reasons } = watched();
    const { client } = await startEcho({ handlers }, undefined, options);
    const controller = new AbortController();
    const outcome = failure(callOf(client, kind, { signal: controller.signal }));
    await arrived;
    const reason = new Error("enough");
    controller.abort(reason);
    const error = await outcome;
    expect(error).toMatchObject({ name: "GrpcError", code: "CANCELLED" });
    expect(error).toHaveProperty("cause", reason);
    await until(() => reasons.length === 1);
    expect(reasons).toMatchObject([{ code: "CANCELLED" }]);
  });

  test.each(kinds)("%s: settles within 50 ms", async (kind) => {
    const ms = await bestOf(50, async () => {
      const { handlers, arrived } = watched();
      const { client } = await startEcho({ handlers }, undefined, options);
      const controller = new AbortController();
      const outcome = failure(callOf(client, kind, { signal: controller.signal }));
      await arrived;
      controller.abort();
      return await took(outcome);
    });
    expect(ms).toBeLessThan(50);
  });

  test.each(kinds)("%s: a signal that is aborted already makes no call", async (kind) => {
    let arrived = 0;
    const fixture = await startEcho(
      {
        handlers: { ...hanging, unary: async () => ({ number: arrived }) },
        interceptors: [
          async ({ method }, next) => {
            if (method.name !== "Unary") arrived += 1;
            await next();
          },
        ],
      },
      undefined,
      options,
    );
    const call = callOf(fixture.client, kind, { signal: AbortSignal.abort() });
    expect(await failure(call)).toMatchObject({ code: "CANCELLED" });
    expect((await fixture.client.unary({})).number).toBe(0);
  });

  test.each(kinds)("%s: aborted in the turn in which it was made", async (kind) => {
    let seen = 0;
    let cancelled = 0;
    const last = new grpc.Metadata();
    last.set("last", "yes");
    const arrived = signpost();
    const count: ServerInterceptor = async ({ signal, metadata }, next) => {
      seen += 1;
      if (metadata.get("last").length > 0) arrived.reach();
      signal.addEventListener("abort", () => {
        cancelled += 1;
      });
      await next();
    };
    const { client } = await startEcho(
      { handlers: hanging, interceptors: [count] },
      undefined,
      options,
    );
    await client.waitForReady(60_000);
    for (let round = 0; round < 5; round += 1) {
      const controller = new AbortController();
      const outcome = failure(callOf(client, kind, { signal: controller.signal, timeoutMs: 0 }));
      controller.abort();
      expect(await outcome).toMatchObject({ code: "CANCELLED" });
    }
    // How many have reached the server is not ours to say; none may stay there.
    const controller = new AbortController();
    const { signal } = controller;
    const outcome = failure(callOf(client, kind, { signal, metadata: last, timeoutMs: 0 }));
    await arrived.reached;
    controller.abort();
    await outcome;
    await until(() => cancelled === seen);
  });
});

describe("signals", () => {
  test("keep no listener of calls that have ended", async () => {
    const { client } = await startEcho({ handlers: { unary: async () => ({}) } });
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let round = 0; round < 5; round += 1) await client.unary({}, { signal });
    expect(listeners).toBe(0);
  });
});

test("closing the responses of a call that has ended does not cancel it", async () => {
  const signals: AbortSignal[] = [];
  const reply = async function* () {
    yield {};
  };
  const { client } = await startEcho({ handlers: { serverStream: reply } }, undefined, {
    interceptors: [
      async ({ signal }, next) => {
        signals.push(signal);
        await next();
      },
    ],
  });
  const replies = client.serverStream({})[Symbol.asyncIterator]();
  while ((await replies.next()).done !== true);
  expect(await replies.return?.()).toEqual({ done: true, value: undefined });
  expect(signals).toMatchObject([{ aborted: false }]);
});

describe.each(paths)("leaving, $name", ({ options }) => {
  test.each(["serverStream", "bidi"] as const)("%s: the loop", async (kind) => {
    const ended = signpost<unknown>();
    let closed = 0;
    async function* endless(_input: unknown, { signal }: { signal: AbortSignal }) {
      signal.addEventListener("abort", () => ended.reach(signal.reason));
      for (;;) yield {};
    }
    async function* requests() {
      try {
        for (;;) yield {};
      } finally {
        closed += 1;
      }
    }
    const { client } = await startEcho(
      { handlers: { serverStream: endless, bidi: endless } },
      undefined,
      options,
    );
    const replies = kind === "bidi" ? client.bidi(requests()) : client.serverStream({});
    for await (const _reply of replies) break;
    expect(await ended.reached).toMatchObject({ code: "CANCELLED" });
    if (kind === "bidi") await until(() => closed === 1);
  });

  test.each(["clientStream", "bidi"] as const)("%s: closes the requests", async (kind) => {
    let closed = 0;
    const started = signpost();
    async function* requests() {
      try {
        for (;;) {
          yield {};
          started.reach();
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        closed += 1;
      }
    }
    const { client } = await startEcho({ handlers: hanging }, undefined, options);
    const controller = new AbortController();
    const { signal } = controller;
    const call =
      kind === "bidi"
        ? collect(client.bidi(requests(), { signal }))
        : client.clientStream(requests(), { signal });
    const outcome = failure(call);
    await started.reached;
    controller.abort();
    expect(await outcome).toMatchObject({ code: "CANCELLED" });
    await until(() => closed === 1);
  });
});
