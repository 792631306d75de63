import { serviceDescriptor } from "grpc-service";
import { envExample } from "grpc-service/config";
import { HealthCheckResponse_ServingStatus, HealthClient } from "grpc-service/health/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadClientConfig, loadConfig } from "../src/config.ts";
import { services } from "../src/services/index.ts";
import { startApp } from "./start-app.ts";

const { SERVING } = HealthCheckResponse_ServingStatus;

let app: Awaited<ReturnType<typeof startApp>>;

// The first start of a process loads all code, and an embedded database.
beforeAll(async () => {
  app = await startApp();
}, 120_000);

afterAll(() => app.close());

test("every service is healthy, and probes need no token", async () => {
  const health = new HealthClient(app.channel, app.anonymous);
  const names = services(app.dependencies).map(
    ({ definition }) => definition[serviceDescriptor].typeName,
  );
  for (const service of ["", ...names]) {
    expect(await health.check({ service }), service).toMatchObject({ status: SERVING });
  }
});

test("closes its resources when it stops", async () => {
  const closed: string[] = [];
  const database = { close: async () => void closed.push("database") };
  const stopping = await startApp({ dependencies: { resources: { database } } });
  expect(closed).toEqual([]);
  await stopping.close();
  expect(closed).toEqual(["database"]);
});

test("production requires its own keys", () => {
  expect(() => loadConfig({ ENV: "production" })).toThrow("AUTH_JWKS_URL");
});

// After you change settings, `npm test -- -u` updates .env.example.
test(".env.example lists the settings", async () => {
  const settings = [...loadConfig.describe(), ...loadClientConfig.describe()];
  await expect(envExample(settings)).toMatchFileSnapshot("../.env.example");
});
