import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import type {
  CallContext,
  ClientInterceptor,
  MessageHook,
  ServerInterceptor,
} from "../../runtime/src/index.ts";
import type { EchoClient } from "./gen/echo_client.ts";
import type { EchoHandlers } from "./gen/echo_grpc.ts";
import { drivers } from "./support/drivers.ts";
import { collect, startEcho, until } from "./support/echo.ts";

const storage = new AsyncLocalStorage<number>();

/** Where code ran, with what the storage held for it. */
class Sightings {
  readonly #wrong = new Set<string>();
  readonly #places = new Set<string>();

  see(place: string, wanted: number | undefined): void {
    this.#places.add(place);
    if (storage.getStore() !== wanted) {
      this.#wrong.add(`${place} sees ${storage.getStore()} instead of ${wanted}`);
    }
  }

  get wrong(): string[] {
    return [...this.#wrong];
  }

  get places(): string[] {
    return [...this.#places].toSorted();
  }
}

/** Gives each call of the server a number of its own. */
function numbered(sightings: Sightings): ServerInterceptor {
  let calls = 0;
  return async (call, next) => {
    calls += 1;
    const number = calls;
    const hookSeeing =
      (place: string): MessageHook =>
      () =>
        sightings.see(place, number);
    await storage.run(number, async () => {
      call.onRequest(hookSeeing("request hook"));
      call.onResponse(hookSeeing("response hook"));
      await next();
    });
  };
}

function handlersSeeing(sightings: Sightings): EchoHandlers {
  const watchSignal = ({ signal }: CallContext) => {
    const number = storage.getStore();
    signal.addEventListener("abort", () => sightings.see("abort listener", number));
    return number;
  };
  return {
    async unary({ number: ms }, context) {
      const number = watchSignal(context);
      await new Promise((resolve) => setTimeout(resolve, ms));
      sightings.see("unary", number);
      return {};
    },
    async *serverStream({ number: count }, context) {
      const number = watchSignal(context);
      try {
        for (let index = 0; index < count; index += 1) {
          yield { data: new Uint8Array(5_000) };
          sightings.see("server streaming", number);
        }
      } finally {
        sightings.see("server streaming, finally", number);
      }
    },
    async clientStream(requests) {
      const number = storage.getStore();
      for await (const _ of requests) sightings.see("client streaming", number);
      return {};
    },
    async *bidi(requests) {
      const number = storage.getStore();
      try {
        for await (const _ of requests) {
          yield {};
          sightings.see("bidirectional", number);
        }
      } finally {
        sightings.see("bidirectional, finally", number);
      }
    },
  };
}

async function* pausing(count: number, onEnd = () => {}) {
  try {
    for (let number = 0; number < count; number += 1) {
      yield { number };
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } finally {
    onEnd();
  }
}

async function take(messages: AsyncIterable<unknown>, count: number): Promise<void> {
  let taken = 0;
  for await (const _ of messages) {
    taken += 1;
    if (taken === count) break;
  }
}

const callers = Array.from({ length: 10 }, (_, index) => index);

describe.each(drivers)("AsyncLocalStorage on $name", (driver) => {
  test("holds in handlers, hooks, abort listeners and closed generators", async () => {
    const sightings = new Sightings();
    const { client } = await startEcho(
      { handlers: handlersSeeing(sightings), interceptors: [numbered(sightings)] },
      driver,
    );
    await Promise.all(
      callers.map(async (index) => {
        await client.unary({ number: index });
        await collect(client.serverStream({ number: 20 }));
        await client.clientStream(pausing(3));
        await collect(client.bidi(pausing(3)));
        await take(client.serverStream({ number: 10_000 }), 2);
        await take(client.bidi(pausing(10_000)), 2);
        const signal = AbortSignal.timeout(5);
        await expect(client.unary({ number: 50 }, { signal })).rejects.toThrow("cancelled");
      }),
    );
    const all = [
      "abort listener",
      "bidirectional",
      "bidirectional, finally",
      "client streaming",
      "request hook",
      "response hook",
      "server streaming",
      "server streaming, finally",
      "unary",
    ];
    await until(() => sightings.places.length === all.length);
    expect(sightings.places).toEqual(all);
    expect(sightings.wrong).toEqual([]);
  });
});

test("AsyncLocalStorage of a client holds in callbacks, hooks and sources", async () => {
  const sightings = new Sightings();
  const hooks: ClientInterceptor = async (call, next) => {
    const number = storage.getStore();
    call.onRequest(() => sightings.see("request hook", number));
    call.onResponse(() => sightings.see("response hook", number));
    await next();
  };
  const { client } = await startEcho({ handlers: handlersSeeing(new Sightings()) }, undefined, {
    interceptors: [hooks],
  });
  // This call opens the connection. Callbacks of later calls must not see its context.
  await storage.run(-1, () => client.unary({}));
  await Promise.all(callers.map((index) => storage.run(index, () => callAll(client, index))));

  async function callAll(echo: EchoClient, index: number): Promise<void> {
    const options = {
      onHeader: () => sightings.see("onHeader", index),
      onTrailer: () => sightings.see("onTrailer", index),
    };
    const closed = () => sightings.see("source, finally", index);
    await echo.unary({ number: index }, options);
    await collect(echo.serverStream({ number: 20 }, options));
    await echo.clientStream(pausing(3, closed), options);
    await collect(echo.bidi(pausing(3, closed), options));
    await take(echo.bidi(pausing(10_000, closed), options), 2);
    sightings.see("caller", index);
  }

  expect(sightings.places).toEqual([
    "caller",
    "onHeader",
    "onTrailer",
    "request hook",
    "response hook",
    "source, finally",
  ]);
  expect(sightings.wrong).toEqual([]);
});
