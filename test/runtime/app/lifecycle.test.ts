import { describe, expect, test } from "vitest";
import type { AppOptions, Resource } from "../../../runtime/src/app/index.ts";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "../../../runtime/src/health/client.ts";
import { unless } from "../../../runtime/src/interceptors/index.ts";
import { cleanUp, connect, signpost } from "../support/echo.ts";
import { freePort } from "../support/free-port.ts";
import { listens } from "../support/listens.ts";
import { kinds } from "./support/kinds.ts";
import { testOptions } from "./support/start-app.ts";

/** A resource that records what happens to it, and how its opening ends. */
function recorded(
  events: string[],
  name: string,
  open: (signal: AbortSignal) => Promise<void> = async () => {},
): Resource {
  return {
    async open(signal) {
      events.push(`open ${name}`);
      await open(signal);
      events.push(`${name} is open`);
    },
    async close() {
      events.push(`close ${name}`);
    },
  };
}

/** Makes a client of the health service. */
function healthOf(port: number): HealthClient {
  const client = new HealthClient(`127.0.0.1:${port}`);
  cleanUp(() => client.close());
  return client;
}

describe.each(kinds)("the life of $name", ({ create: createApp }) => {
  /** Makes an app that is stopped after the test. */
  function create(changes: Partial<AppOptions>) {
    const app = createApp(testOptions(changes));
    cleanUp(() => app.stop().catch(() => {})); // that it fails is for the test to see
    return app;
  }

  /** Calls the echo service once. */
  async function call(port: number): Promise<string> {
    return (await connect(`127.0.0.1:${port}`).unary({ text: "hello" })).text;
  }

  test("opens resources in order, listens, and closes them at the end", async () => {
    const events: string[] = [];
    const resources = { one: recorded(events, "one"), two: recorded(events, "two") };
    const app = create({ resources });
    expect(events).toEqual([]);
    const port = await app.start();
    expect(await call(port)).toBe("hello");
    expect(events).toEqual(["open one", "one is open", "open two", "two is open"]);
    await app.stop();
    expect(events.slice(4)).toEqual(["close one", "close two"]);
    expect(await listens(`127.0.0.1:${port}`)).toBe(false);
  });

  test("lets resources end long calls when it begins to stop", async () => {
    const events: string[] = [];
    const broken: Resource = {
      drain: () => {
        throw new Error("drain");
      },
      close: async () => {},
    };
    const rooms: Resource = {
      drain: () => void events.push("drain"),
      close: async () => void events.push("close"),
    };
    const app = create({ resources: { broken, rooms } });
    await app.start();
    const stopped = app.stop();
    expect(events).toEqual(["drain"]);
    await stopped;
    expect(events).toEqual(["drain", "close"]);
  });

  test("listens at the address that start is given", async () => {
    const port = await freePort();
    expect(await create({}).start(`127.0.0.1:${port}`)).toBe(port);
    expect(await call(port)).toBe("hello");
  });

  test("rejects a second start, and keeps serving", async () => {
    const events: string[] = [];
    const app = create({ resources: { one: recorded(events, "one") } });
    const port = await app.start();
    await expect(app.start()).rejects.toThrow(/^the server has been started before$/);
    expect(await call(port)).toBe("hello");
    expect(events).toEqual(["open one", "one is open"]);
  });

  test("rejects a second start also after the first has failed", async () => {
    const open = () => Promise.reject(new Error("gone"));
    const app = create({ resources: { one: recorded([], "one", open) } });
    await expect(app.start()).rejects.toThrow(/^one cannot be opened: gone$/);
    await expect(app.start()).rejects.toThrow(/^the server has been started before$/);
  });

  test("rejects a start after stop, and opens nothing", async () => {
    const events: string[] = [];
    const app = create({ resources: { one: recorded(events, "one") } });
    await app.start();
    await app.stop();
    events.length = 0;
    await expect(app.start()).rejects.toThrow(/^the server has been stopped$/);
    expect(events).toEqual([]);
  });

  test("closes its resources when it is stopped without a start", async () => {
    const events: string[] = [];
    const app = create({ resources: { one: recorded(events, "one") } });
    await app.stop();
    await expect(app.start()).rejects.toThrow(/^the server has been stopped$/);
    expect(events).toEqual(["close one"]);
  });

  test("stops once, however often `stop` is called", async () => {
    const events: string[] = [];
    const app = create({ resources: { one: recorded(events, "one") } });
    await app.start();
    const stopped = app.stop();
    expect(app.stop()).toBe(stopped);
    await stopped;
    expect(app.stop()).toBe(stopped);
    expect(events.filter((event) => event === "close one")).toHaveLength(1);
  });

  test("closes all resources after a start that failed half-way", async () => {
    const events: string[] = [];
    const app = create({
      resources: {
        one: recorded(events, "one"),
        two: recorded(events, "two", () => Promise.reject(new Error("gone"))),
        three: recorded(events, "three"),
      },
    });
    await expect(app.start()).rejects.toThrow(/^two cannot be opened: gone$/);
    expect(events).toEqual(["open one", "one is open", "open two"]);
    await app.stop();
    expect(events.slice(3)).toEqual(["close one", "close two", "close three"]);
  });

  test("closes all resources even if one fails, and rejects", async () => {
    const events: string[] = [];
    const broken: Resource = { close: () => Promise.reject(new Error("still in use")) };
    const app = create({ resources: { broken, one: recorded(events, "one") } });
    await app.start();
    await expect(app.stop()).rejects.toMatchObject({
      message: "some resources could not be closed",
      errors: [new Error("still in use")],
    });
    expect(events.at(-1)).toBe("close one");
  });

  test("ends the start when it is stopped meanwhile, and closes after the open has ended", async () => {
    const events: string[] = [];
    const opening = signpost<AbortSignal>();
    const release = signpost();
    const slow = recorded(events, "slow", async (signal) => {
      opening.reach(signal);
      await release.reached;
    });
    const app = create({
      config: { ...testOptions().config, shutdownGraceMs: 60_000 },
      resources: { slow, next: recorded(events, "next") },
    });
    const started = app.start();
    const signal = await opening.reached;
    const stopped = app.stop();
    expect(signal.aborted).toBe(true);
    release.reach();
    await expect(started).rejects.toThrow(/^the server has been stopped$/);
    await stopped;
    expect(events).toEqual(["open slow", "slow is open", "close slow", "close next"]);
  });

  test("waits for a resource that ignores the signal for the grace period only", async () => {
    const events: string[] = [];
    const opening = signpost();
    const stuck = recorded(events, "stuck", async () => {
      opening.reach();
      await new Promise(() => {});
    });
    const app = create({ resources: { stuck } });
    app.start().catch(() => {}); // never settles
    await opening.reached;
    await app.stop();
    expect(events).toEqual(["open stuck", "close stuck"]);
  });

  test("rejects in one line when an interceptor is for an unknown method, and does not listen", async () => {
    const events: string[] = [];
    const address = `127.0.0.1:${await freePort()}`;
    const misspelt = { methods: ["runtime.test.Echo/Unery"] };
    const app = create({
      interceptors: [unless(misspelt, (_call, next) => next())],
      resources: { one: recorded(events, "one") },
    });
    await expect(app.start(address)).rejects.toThrow(
      /^an interceptor is for runtime\.test\.Echo\/Unery, which is not served$/,
    );
    expect(await listens(address)).toBe(false);
    expect(events).toEqual([]);
  });

  test("reports the health of a name that the user sets", async () => {
    const app = create({});
    const health = healthOf(await app.start());
    const index = { service: "search index" };
    await expect(health.check(index)).rejects.toMatchObject({ code: "NOT_FOUND" });
    app.health.set("search index", "NOT_SERVING");
    expect((await health.check(index)).status).toBe(HealthStatus.NOT_SERVING);
    app.health.set("search index", "SERVING");
    expect((await health.check(index)).status).toBe(HealthStatus.SERVING);
    expect((await health.check({})).status).toBe(HealthStatus.SERVING);
  });

  test("keeps the health of a service that was set before the start", async () => {
    const app = create({});
    app.health.set("runtime.test.Echo", "NOT_SERVING");
    const health = healthOf(await app.start());
    const echo = { service: "runtime.test.Echo" };
    expect((await health.check(echo)).status).toBe(HealthStatus.NOT_SERVING);
    expect((await health.check({})).status).toBe(HealthStatus.SERVING);
    app.health.set("runtime.test.Echo", "SERVING");
    expect((await health.check(echo)).status).toBe(HealthStatus.SERVING);
  });
});
