import { Client, credentials, status } from "@grpc/grpc-js";
import { describe, expect, test, vi } from "vitest";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "../../../runtime/src/health/client.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { cleanUp } from "../support/echo.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { kinds } from "./support/kinds.ts";
import { openCall } from "./support/open-call.ts";
import { startApp } from "./support/start-app.ts";

describe.each(kinds)("$name", ({ create, cutOff }) => {
  test("is healthy as a whole and by service, without a token", async () => {
    const app = await startApp(create);
    const health = app.client(HealthClient, app.anonymous);
    for (const service of ["", "grpc.health.v1.Health", "runtime.test.Echo"]) {
      const { status } = await health.check({ service });
      expect(status, service).toBe(HealthStatus.SERVING);
    }
    await expect(health.check({ service: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("requires a token for all other calls", async () => {
    const app = await startApp(create);
    const unauthenticated = { code: "UNAUTHENTICATED" };
    await expect(app.client(HealthClient, app.anonymous).list({})).rejects.toMatchObject(
      unauthenticated,
    );
    await expect(app.client(EchoClient, app.anonymous).unary({})).rejects.toMatchObject(
      unauthenticated,
    );
    const { statuses } = await app.client(HealthClient).list({});
    expect(Object.keys(statuses)).toContain("grpc.health.v1.Health");
    expect((await app.client(EchoClient).unary({ text: "hello" })).text).toBe("hello");
  });

  test("rejects in one line when its port is in use", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => {}); // grpc-js prints too
    cleanUp(() => printed.mockRestore());
    const { address } = await startApp(create);
    await expect(startApp(create, { variables: { ADDRESS: address } })).rejects.toThrow(
      new RegExp(`^cannot listen on ${address}: .*(EADDRINUSE|in use)[^\n]*$`),
    );
  });

  test("rejects in one line when a resource cannot be opened", async () => {
    const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
    const database = { open: () => Promise.reject(refused), close: async () => {} };
    const started = startApp(create, { dependencies: { resources: { database } } });
    await expect(started).rejects.toThrow(/^database cannot be opened: ECONNREFUSED$/);
  });

  test("is not healthy while a resource does not work", async () => {
    let fails = true;
    const database = {
      check: () => (fails ? Promise.reject(new Error("gone")) : Promise.resolve()),
      close: async () => {},
    };
    const { logger, lines } = recordingLogger();
    const dependencies = { logger, resources: { database } };
    const broken = await startApp(create, { dependencies });
    const health = broken.client(HealthClient);
    for (const service of ["", "runtime.test.Echo"]) {
      expect((await health.check({ service })).status, service).toBe(HealthStatus.NOT_SERVING);
    }
    expect((await health.check({ service: "grpc.health.v1.Health" })).status).toBe(
      HealthStatus.SERVING,
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: "resource does not work", resource: "database" }),
    );
    fails = false;
    await broken.close();
    const working = await startApp(create, { dependencies });
    expect((await working.client(HealthClient).check({})).status).toBe(HealthStatus.SERVING);
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: "resource works", resource: "database" }),
    );
  });

  test("serves without optional resources, and reports their health by name", async () => {
    const close = async () => {};
    const cache = { check: () => Promise.reject(new Error("gone")), optional: true, close };
    const search = { check: async () => {}, optional: true, close };
    const app = await startApp(create, { dependencies: { resources: { cache, search } } });
    const health = app.client(HealthClient);
    const statusOf = async (service: string) => (await health.check({ service })).status;
    expect(await statusOf("")).toBe(HealthStatus.SERVING);
    expect(await statusOf("runtime.test.Echo")).toBe(HealthStatus.SERVING);
    expect(await statusOf("cache")).toBe(HealthStatus.NOT_SERVING);
    expect(await statusOf("search")).toBe(HealthStatus.SERVING);
  });

  test("answers health checks even while all other calls are refused", async () => {
    const limiter = { consume: () => Promise.reject(new Error("gone")) };
    const app = await startApp(create, {
      variables: { RATE_LIMIT_PER_MINUTE: "1", RATE_LIMIT_ON_FAILURE: "closed" },
      dependencies: { limiter },
    });
    const health = app.client(HealthClient);
    expect((await health.check({})).status).toBe(HealthStatus.SERVING);
    await expect(health.list({})).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("lists its services with REFLECTION=on", async () => {
    const { address } = await startApp(create, { variables: { REFLECTION: "on" } });
    const listed = await listServices(address);
    for (const service of ["grpc.health.v1.Health", "runtime.test.Echo"]) {
      expect(listed).toContain(service);
    }
  });

  test("does not list its services with REFLECTION=off", async () => {
    const { address } = await startApp(create, { variables: { REFLECTION: "off" } });
    const unimplemented = { code: status.UNIMPLEMENTED };
    await expect(listServices(address)).rejects.toMatchObject(unimplemented);
  });

  test("reports NOT_SERVING, ends open calls after the grace period, then closes resources", async () => {
    const close = vi.fn(async () => {});
    const app = await startApp(create, { dependencies: { resources: { thing: { close } } } });
    const open = await openCall(app.address);
    const watch = app.client(HealthClient).watch({})[Symbol.asyncIterator]();
    expect((await watch.next()).value?.status).toBe(HealthStatus.SERVING);

    const next = watch.next();
    const stopped = app.stop();
    expect((await next).value?.status).toBe(HealthStatus.NOT_SERVING);
    expect(await watch.next()).toEqual({ done: true, value: undefined });
    expect(close).not.toHaveBeenCalled();
    expect(await open.status).toBe(cutOff);
    await stopped;
    await app.stop();
    expect(close).toHaveBeenCalledOnce();
  });
});

const passThrough = (message: Buffer) => message;

/** Asks the reflection service as tools do, without a proto: `list_services: "*"`, encoded by hand. */
async function listServices(address: string): Promise<string> {
  const client = new Client(address, credentials.createInsecure());
  const method = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
  const call = client.makeBidiStreamRequest(method, passThrough, passThrough);
  call.end(Buffer.from([0x3a, 1, "*".charCodeAt(0)]));
  try {
    let replies = "";
    for await (const reply of call) replies += reply;
    return replies;
  } finally {
    client.close();
  }
}
