import { serviceDescriptor } from "grpc-service";
import { envExample } from "grpc-service/config";
import { HealthCheckResponse_ServingStatus, HealthClient } from "grpc-service/health/client";
import { expect, test } from "vitest";
import { loadClientConfig, loadConfig } from "../src/config.ts";
import { services } from "../src/services/index.ts";
import { startApp } from "./start-app.ts";

const { SERVING } = HealthCheckResponse_ServingStatus;

test("every service is healthy, and probes need no token", async () => {
  const app = await startApp();
  const health = new HealthClient(app.channel, app.anonymous);
  const names = services(app.dependencies).map(
    ({ definition }) => definition[serviceDescriptor].typeName,
  );
  for (const service of ["", ...names]) {
    expect(await health.check({ service }), service).toMatchObject({ status: SERVING });
  }
  await app.close();
});

test("closes its resources when it stops", async () => {
  const closed: string[] = [];
  const database = { close: async () => void closed.push("database") };
  const app = await startApp({ dependencies: { resources: { database } } });
  expect(closed).toEqual([]);
  await app.close();
  expect(closed).toEqual(["database"]);
});

test("production requires its own keys", () => {
  expect(() => loadConfig({ ENV: "production" })).toThrow("AUTH_JWKS_URL");
});

// After you change settings, `npm test -- -u` updates .env.example.
test(".env.example lists every setting", async () => {
  const settings = [...loadConfig.describe(), ...loadClientConfig.describe()];
  await expect(envExample(settings)).toMatchFileSnapshot("../.env.example");
});
