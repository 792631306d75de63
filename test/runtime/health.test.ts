import { expect, test } from "vitest";
import {
  GrpcServer,
  HealthClient,
  HealthRegistry,
  healthServiceDefinition,
  HealthCheckResponse_ServingStatus as Status,
} from "../../templates/runtime/index.ts";
import { cleanUp, failure, until } from "./support/echo.ts";

async function start() {
  const registry = new HealthRegistry();
  const server = new GrpcServer({ services: [registry.registration()] });
  const client = new HealthClient(`127.0.0.1:${await server.listen("127.0.0.1:0")}`);
  cleanUp(() => server.stop(0));
  cleanUp(() => client.close());
  return { registry, client };
}

test("paths and names are those of the protocol", () => {
  expect(Object.values(healthServiceDefinition).map(({ path }) => path)).toEqual([
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/List",
    "/grpc.health.v1.Health/Watch",
  ]);
});

test("check", async () => {
  const { registry, client } = await start();
  expect((await client.check({})).status).toBe(Status.SERVING);
  expect(await failure(client.check({ service: "a.B" }))).toMatchObject({ code: "NOT_FOUND" });
  registry.set("a.B", "SERVING");
  expect((await client.check({ service: "a.B" })).status).toBe(Status.SERVING);
  registry.set("a.B", "NOT_SERVING");
  expect((await client.check({ service: "a.B" })).status).toBe(Status.NOT_SERVING);
  expect((await client.check({ service: "" })).status).toBe(Status.SERVING);
});

test("list", async () => {
  const { registry, client } = await start();
  registry.set("a.B", "NOT_SERVING");
  registry.set("__proto__", "SERVING");
  const { statuses } = await client.list({});
  expect(Object.entries(statuses).map(([service, { status }]) => [service, status])).toEqual([
    ["", Status.SERVING],
    ["a.B", Status.NOT_SERVING],
    ["__proto__", Status.SERVING],
  ]);
});

test("watch tells the present state and every change, until the caller leaves", async () => {
  const { registry, client } = await start();
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

test("shutdown is final, and ends every watch once it has told so", async () => {
  const { registry, client } = await start();
  registry.set("a.B", "SERVING");
  const seen: Status[] = [];
  const watching = (async () => {
    for await (const { status } of client.watch({ service: "a.B" })) {
      seen.push(status);
    }
  })();
  await until(() => seen.length === 1);
  registry.shutdown();
  registry.set("a.B", "SERVING");
  registry.set("", "SERVING");
  await watching;
  expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING]);
  expect((await client.check({})).status).toBe(Status.NOT_SERVING);
  expect((await client.check({ service: "a.B" })).status).toBe(Status.NOT_SERVING);
});
