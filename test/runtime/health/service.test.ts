import { describe, expect, test } from "vitest";
import { HealthCheckResponse_ServingStatus as Status } from "../../../runtime/src/health/client.ts";
import { HealthRegistry, healthServiceDefinition } from "../../../runtime/src/health/index.ts";
import { failure } from "../support/echo.ts";
import { hosts } from "../support/hosts.ts";
import { startHealth } from "./start.ts";

test("paths and names are those of the protocol, to be made public by", () => {
  const { definition } = new HealthRegistry().registration();
  expect(definition).toBe(healthServiceDefinition);
  expect(Object.values(definition).map(({ path }) => path)).toEqual([
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/List",
    "/grpc.health.v1.Health/Watch",
  ]);
});

describe.each(hosts)("$name", (host) => {
  test("check", async () => {
    const { registry, client } = await startHealth(host);
    expect((await client.check({})).status).toBe(Status.SERVING);
    expect(await failure(client.check({ service: "a.B" }))).toMatchObject({ code: "NOT_FOUND" });
    registry.set("a.B", "SERVING");
    expect((await client.check({ service: "a.B" })).status).toBe(Status.SERVING);
    registry.set("a.B", "NOT_SERVING");
    expect((await client.check({ service: "a.B" })).status).toBe(Status.NOT_SERVING);
    expect((await client.check({ service: "" })).status).toBe(Status.SERVING);
  });

  test("list", async () => {
    const { registry, client } = await startHealth(host);
    registry.set("a.B", "NOT_SERVING");
    registry.set("__proto__", "SERVING");
    const { statuses } = await client.list({});
    expect(Object.entries(statuses).map(([service, { status }]) => [service, status])).toEqual([
      ["", Status.SERVING],
      ["a.B", Status.NOT_SERVING],
      ["__proto__", Status.SERVING],
    ]);
  });

  test("after shutdown, everything known is NOT_SERVING for good", async () => {
    const { registry, client } = await startHealth(host);
    registry.set("a.B", "SERVING");
    registry.shutdown();
    registry.set("a.B", "SERVING");
    registry.set("", "SERVING");
    registry.set("late.Comer", "SERVING");
    const { statuses } = await client.list({});
    expect(Object.entries(statuses).map(([service, { status }]) => [service, status])).toEqual([
      ["", Status.NOT_SERVING],
      ["a.B", Status.NOT_SERVING],
    ]);
    expect((await client.check({})).status).toBe(Status.NOT_SERVING);
  });
});
