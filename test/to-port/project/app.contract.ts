import { Client, credentials, status } from "@grpc/grpc-js";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Config } from "../src/config.ts";
import { createDependencies, type Dependencies } from "../src/dependencies.ts";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "../src/gen/runtime/health-client.ts";
import { serviceDescriptor } from "../src/gen/runtime/index.ts";
import type { App } from "../src/lifecycle.ts";
import { services } from "../src/services/index.ts";
import { openCall } from "./open-call.ts";
import { recordingLogger, startTestApp, type TestApp, testConfig } from "./support.ts";

/**
 * What holds for both ways to serve, `createApp` and `createPlainServer`.
 *
 * @param cutOff `grpc-status` of a call that is still open after the grace, undefined for none
 */
export function describeApp(
  name: string,
  create: (config: Config, dependencies: Dependencies) => Promise<App>,
  cutOff: string | undefined,
): void {
  describe(name, () => {
    let app: TestApp;
    afterEach(async () => {
      vi.restoreAllMocks();
      await app.close();
    });

    test("is healthy as a whole and by service, without a token", async () => {
      app = await startTestApp({ create });
      const health = new HealthClient(app.channel);
      const definitions = services(app.dependencies).map(({ definition }) => definition);
      const names = definitions.map((definition) => definition[serviceDescriptor].typeName);
      for (const service of ["", "grpc.health.v1.Health", ...names]) {
        const { status } = await health.check({ service });
        expect(status, service).toBe(HealthStatus.SERVING);
      }
      await expect(health.check({ service: "nobody" })).rejects.toMatchObject({
        code: "NOT_FOUND",
      });
    });

    test("asks for a token everywhere else", async () => {
      app = await startTestApp({ create });
      const anonymous = new HealthClient(app.channel, app.anonymous);
      await expect(anonymous.list({})).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
      const { statuses } = await new HealthClient(app.channel, app.options).list({});
      expect(Object.keys(statuses)).toContain("grpc.health.v1.Health");
    });

    test("says in one line that its port is taken", async () => {
      vi.spyOn(console, "error").mockImplementation(() => {}); // grpc-js says it there, too
      app = await startTestApp({ create });
      const config = testConfig({ address: app.address });
      const second = await create(config, createDependencies(config));
      await expect(second.start()).rejects.toThrow(
        new RegExp(`^cannot listen on ${app.address}: .*(EADDRINUSE|in use)[^\n]*$`),
      );
      await second.stop();
    });

    test("says in one line what cannot be opened", async () => {
      app = await startTestApp({ create });
      const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
      const database = { open: () => Promise.reject(refused), close: async () => {} };
      const started = startTestApp({ create, dependencies: { resources: { database } } });
      await expect(started).rejects.toThrow(/^database cannot be opened: ECONNREFUSED$/);
    });

    test("is as healthy as what it cannot do without", async () => {
      let fails = true;
      const database = {
        check: () => (fails ? Promise.reject(new Error("gone")) : Promise.resolve()),
        close: async () => {},
      };
      const { logger, lines } = recordingLogger();
      app = await startTestApp({ create, dependencies: { logger, resources: { database } } });
      const health = new HealthClient(app.channel);
      expect((await health.check({})).status).toBe(HealthStatus.NOT_SERVING);
      expect(lines).toContainEqual(
        expect.objectContaining({ msg: "resource does not work", resource: "database" }),
      );
      fails = false;
      await app.close();
      app = await startTestApp({ create, dependencies: { logger, resources: { database } } });
      expect((await new HealthClient(app.channel).check({})).status).toBe(HealthStatus.SERVING);
    });

    test("serves without what is optional, and says how that is", async () => {
      const cache = {
        check: () => Promise.reject(new Error("gone")),
        optional: true,
        close: async () => {},
      };
      app = await startTestApp({ create, dependencies: { resources: { cache } } });
      const health = new HealthClient(app.channel);
      expect((await health.check({})).status).toBe(HealthStatus.SERVING);
      expect((await health.check({ service: "cache" })).status).toBe(HealthStatus.NOT_SERVING);
    });

    test("answers probes even when it may serve nobody else", async () => {
      const limiter = { consume: () => Promise.reject(new Error("gone")) };
      const rateLimit = { ...testConfig().rateLimit, perMinute: 1, onFailure: "closed" } as const;
      app = await startTestApp({ create, config: { rateLimit }, dependencies: { limiter } });
      const health = new HealthClient(app.channel, app.options);
      expect((await health.check({})).status).toBe(HealthStatus.SERVING);
      await expect(health.list({})).rejects.toMatchObject({ code: "UNAVAILABLE" });
    });

    test("describes itself where the settings say so, and only there", async () => {
      for (const reflection of [true, false]) {
        app = await startTestApp({ create, config: { reflection } });
        const listed = listServices(app.address);
        if (reflection) expect(await listed).toContain("grpc.health.v1.Health");
        else await expect(listed).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
        await app.close();
      }
    });

    test("says NOT_SERVING, ends open calls after the grace, then closes what it used", async () => {
      const close = vi.fn(async () => {});
      app = await startTestApp({ create, dependencies: { resources: { thing: { close } } } });
      const open = await openCall(app.address);
      const watch = new HealthClient(app.channel).watch({})[Symbol.asyncIterator]();
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
      open.close();
    });
  });
}

const passThrough = (message: Buffer) => message;

/** Asks the reflection service as tools do, who have no proto: `list_services: "*"`, by hand. */
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
