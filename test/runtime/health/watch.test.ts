import { getEventListeners } from "node:events";
import { getDefaultHighWaterMark } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import {
  type HealthClient,
  HealthCheckResponse_ServingStatus as Status,
} from "../../../runtime/src/health/client.ts";
import { failure, raise, until } from "../support/echo.ts";
import { hosts } from "../support/hosts.ts";
import { startHealth } from "./start.ts";

/** Notes what a watcher is told, until the watch ends. */
function note(client: HealthClient, service: string): { seen: Status[]; ended: Promise<void> } {
  const seen: Status[] = [];
  const ended = (async () => {
    for await (const { status } of client.watch({ service })) seen.push(status);
  })();
  return { seen, ended };
}

describe.each(hosts)("$name", (host) => {
  test("sends the current state and every change, until the caller leaves", async () => {
    const { registry, client } = await startHealth(host);
    const seen: Status[] = [];
    for await (const { status } of client.watch({ service: "a.B" })) {
      seen.push(status);
      if (seen.length === 1) registry.set("a.B", "SERVING");
      if (seen.length === 2) {
        registry.set("a.B", "SERVING");
        registry.set("other", "NOT_SERVING");
        registry.set("a.B", "NOT_SERVING");
      }
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([Status.SERVICE_UNKNOWN, Status.SERVING, Status.NOT_SERVING]);
  });

  test("shutdown is final, and ends every watch after its last status", async () => {
    const { registry, client } = await startHealth(host);
    registry.set("a.B", "SERVING");
    registry.set("a.C", "NOT_SERVING");
    const watchers = ["a.B", "a.C", "un.Known"].map((service) => note(client, service));
    await until(() => watchers.every(({ seen }) => seen.length === 1));
    registry.shutdown();
    registry.set("a.B", "SERVING");
    await Promise.all(watchers.map(({ ended }) => ended));
    expect(watchers.map(({ seen }) => seen)).toEqual([
      [Status.SERVING, Status.NOT_SERVING],
      [Status.NOT_SERVING],
      [Status.SERVICE_UNKNOWN],
    ]);
    const late = note(client, "a.B");
    await late.ended;
    expect(late.seen).toEqual([Status.NOT_SERVING]);
  });

  test("every watcher receives the changes of its own service only", async () => {
    const { registry, client } = await startHealth(host);
    registry.set("a.B", "NOT_SERVING");
    registry.set("a.C", "NOT_SERVING");
    const concerned = Array.from({ length: 40 }, () => note(client, "a.B"));
    const others = Array.from({ length: 40 }, () => note(client, "a.C"));
    await until(() => [...concerned, ...others].every(({ seen }) => seen.length === 1));
    registry.set("a.B", "SERVING");
    await until(() => concerned.every(({ seen }) => seen.length === 2));
    registry.shutdown();
    await Promise.all([...concerned, ...others].map(({ ended }) => ended));
    for (const { seen } of concerned) {
      expect(seen).toEqual([Status.NOT_SERVING, Status.SERVING, Status.NOT_SERVING]);
    }
    for (const { seen } of others) expect(seen).toEqual([Status.NOT_SERVING]);
  });

  test("a watcher that does not read costs a bounded number of messages, and ends up to date", async () => {
    const { registry, client } = await startHealth(host);
    const watch = client.watch({})[Symbol.asyncIterator]();
    expect((await watch.next()).value?.status).toBe(Status.SERVING);
    const changes = 40_000;
    for (let i = 0; i < changes; i++) {
      registry.set("", i % 2 === 0 ? "NOT_SERVING" : "SERVING");
      // Lets the server send, so that nothing but the watcher holds it back.
      await new Promise(setImmediate);
    }
    registry.set("", "NOT_SERVING");
    registry.shutdown();
    let received = 0;
    let latest: Status | undefined;
    for (let step = await watch.next(); !step.done; step = await watch.next()) {
      received += 1;
      latest = step.value.status;
    }
    expect(latest).toBe(Status.NOT_SERVING);
    // Messages of 7 bytes, in HTTP/2's window and in what Node's client reads ahead.
    const bytes = 65_535 + getDefaultHighWaterMark(false);
    expect(received).toBeGreaterThan(1000);
    expect(received).toBeLessThan((1.2 * bytes) / 7);
  });

  test("a long watch gathers no listeners", async () => {
    let signal: AbortSignal | undefined;
    const { registry, client } = await startHealth(host, {
      interceptors: [
        async (call, next) => {
          signal = call.signal;
          await next();
        },
      ],
    });
    const counts: number[] = [];
    for await (const { status } of client.watch({})) {
      counts.push(getEventListeners(signal ?? raise("no call"), "abort").length);
      if (counts.length === 30) break;
      registry.set("", status === Status.SERVING ? "NOT_SERVING" : "SERVING");
    }
    expect(Math.max(...counts)).toBeLessThan(5);
  });

  test("a watch that was cancelled leaves nothing behind", async () => {
    const signals: WeakRef<AbortSignal>[] = [];
    const { client } = await startHealth(host, {
      interceptors: [
        async (call, next) => {
          signals.push(new WeakRef(call.signal));
          await next();
        },
      ],
    });
    const watches = Array.from({ length: 50 }, (_, index) => {
      const controller = new AbortController();
      const watch = client.watch({ service: `un.Known${index}` }, { signal: controller.signal });
      return { controller, ended: failure(watch) };
    });
    await until(() => signals.length === 50);
    for (const { controller } of watches) controller.abort();
    await Promise.all(watches.map(({ ended }) => ended));
    client.close();
    const collectGarbage = garbageCollector();
    await until(() => {
      collectGarbage();
      return signals.every((signal) => signal.deref() === undefined);
    });
  });
});

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
