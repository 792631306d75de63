import { afterEach, describe, expect, test, vi } from "vitest";
import type { App } from "../src/app.ts";
import type { Config } from "../src/config.ts";
import { createDependencies, type Dependencies } from "../src/dependencies.ts";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
  serviceDescriptor,
} from "../src/gen/runtime/index.ts";
import { services } from "../src/services/index.ts";
import { openCall } from "./open-call.ts";
import { startTestApp, type TestApp, testConfig } from "./support.ts";

/**
 * What holds for both ways to serve, `createApp` and `createPlainServer`.
 *
 * @param cutOff `grpc-status` of a call that is still open after the grace, undefined for none
 */
export function describeApp(
  name: string,
  create: (config: Config, dependencies: Dependencies) => App,
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
      const health = new HealthClient(app.channel);
      await expect(health.list({})).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
      const { statuses } = await health.list({}, { metadata: app.metadata });
      expect(Object.keys(statuses)).toContain("grpc.health.v1.Health");
    });

    test("says in one line that its port is taken", async () => {
      vi.spyOn(console, "error").mockImplementation(() => {}); // grpc-js says it there, too
      app = await startTestApp({ create });
      const config = testConfig({ address: app.address });
      const second = create(config, createDependencies(config));
      await expect(second.start()).rejects.toThrow(
        new RegExp(`^cannot listen on ${app.address}: .*(EADDRINUSE|in use)[^\n]*$`),
      );
      await second.stop();
    });

    test("says NOT_SERVING, ends open calls after the grace, then closes what it used", async () => {
      const close = vi.fn(async () => {});
      app = await startTestApp({ create, dependencies: { close } });
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
