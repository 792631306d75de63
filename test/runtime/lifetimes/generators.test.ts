import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { callOf } from "../client/support/calls.ts";
import { drivers } from "../support/drivers.ts";
import { failure, signpost, startEcho, until } from "../support/echo.ts";

describe.each(drivers)("$name", (driver) => {
  test("a generator is closed when the caller leaves, wherever it is", async () => {
    const closed: string[] = [];
    const { client } = await startEcho(
      {
        handlers: {
          serverStream: async function* ({ text }, { signal }) {
            try {
              for (;;) {
                yield { data: new Uint8Array(1024) };
                if (text === "waits") await delay(60_000, undefined, { signal });
              }
            } finally {
              closed.push(text);
            }
          },
          bidi: async function* (requests) {
            try {
              for await (const { text } of requests) yield { text };
            } finally {
              closed.push("bidi");
            }
          },
        },
      },
      driver,
    );
    for (const text of ["yields", "waits"]) {
      for await (const _reply of client.serverStream({ text })) break;
      await until(() => closed.includes(text));
    }
    async function* endless() {
      for (;;) {
        yield { text: "x" };
        await delay(1);
      }
    }
    for await (const _reply of client.bidi(endless())) break;
    await until(() => closed.includes("bidi"));
    expect(closed).toEqual(["yields", "waits", "bidi"]);
  });

  test("an iterator that is no generator is closed at once", async () => {
    const closed = signpost();
    const { client } = await startEcho(
      {
        handlers: {
          serverStream: () => {
            let wake: (result: IteratorResult<{ text: string }>) => void = () => {};
            let first = true;
            return {
              [Symbol.asyncIterator]: () => ({
                next: () => {
                  if (first) {
                    first = false;
                    return Promise.resolve({ done: false, value: { text: "first" } });
                  }
                  return new Promise<IteratorResult<{ text: string }>>((resolve) => {
                    wake = resolve;
                  });
                },
                return: async () => {
                  wake({ done: true, value: undefined });
                  closed.reach();
                  return { done: true, value: undefined };
                },
              }),
            };
          },
        },
      },
      driver,
    );
    for await (const _reply of client.serverStream({})) break;
    await closed.reached;
  });

  test.each(["serverStream", "bidi"] as const)(
    "a generator of %s is closed when its response cannot be sent",
    async (kind) => {
      const closed = signpost();
      async function* unsendable() {
        try {
          yield { number: 2 ** 40 };
        } finally {
          closed.reach();
        }
      }
      const handlers = { serverStream: unsendable, bidi: unsendable };
      const { client } = await startEcho({ handlers }, driver);
      expect(await failure(callOf(client, kind))).toMatchObject({ code: "INTERNAL" });
      await closed.reached;
    },
  );

  test("what a handler throws after the caller has left is reported when it is a bug", async () => {
    const done = signpost();
    const bug = new TypeError("bug");
    const { client, errors } = await startEcho(
      {
        handlers: {
          serverStream: async function* ({ text }, { signal }) {
            try {
              yield {};
              await delay(60_000, undefined, { signal });
            } finally {
              if (text === "bug") {
                done.reach();
                // biome-ignore lint/correctness/noUnsafeFinally: that is the bug.
                throw bug;
              }
            }
          },
        },
      },
      driver,
    );
    for await (const _reply of client.serverStream({})) break;
    for await (const _reply of client.serverStream({ text: "bug" })) break;
    await done.reached;
    await until(() => errors.length > 0);
    expect(errors).toEqual([bug]);
  });
});
