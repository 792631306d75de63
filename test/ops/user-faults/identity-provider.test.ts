import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { until } from "../../runtime/support/echo.ts";
import { freePort } from "../../runtime/support/free-port.ts";
import { type Postgres, startPostgres } from "../services/postgres.ts";
import { expectNoneLost, sendBatches } from "./batches.ts";
import { startIdentityProvider } from "./identity-provider.ts";
import { clientsOf, startService } from "./service.ts";

describe("the user service, when its identity provider hangs", {
  tags: "postgresql",
  timeout: 240_000,
}, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  test("known callers are served, also when the database fails meanwhile; strangers are not", async () => {
    const provider = await startIdentityProvider();
    const port = await freePort();
    startService(port, { DATABASE_URL: postgres.url, ...provider.settings });
    const { users, isServing } = clientsOf(port, await provider.token());
    await until(isServing);
    const batches = sendBatches(users, "known");
    await until(() => batches.acknowledged.size > 10);

    provider.hang();
    const stranger = clientsOf(port, await provider.token("unknown"));
    const refused = stranger.users.getUser({ id: 1 }).catch((error) => GrpcError.from(error).code);
    const before = batches.acknowledged.size;
    await until(() => batches.acknowledged.size > before + 10);
    expect(await isServing()).toBe(true);
    await postgres.kill();
    await until(async () => !(await isServing()));
    const meanwhile = batches.acknowledged.size;
    await postgres.restart();
    await until(() => batches.acknowledged.size > meanwhile + 10);
    await until(isServing);
    expect(["UNAVAILABLE", "UNAUTHENTICATED", "DEADLINE_EXCEEDED"]).toContain(await refused);
    await batches.stop();
    await expectNoneLost(batches, postgres.url);
    expect([...batches.codes]).not.toContain("UNAUTHENTICATED");
  });

  test("a server that starts meanwhile refuses calls as UNAVAILABLE until it is back", async () => {
    const provider = await startIdentityProvider();
    provider.hang();
    const port = await freePort();
    startService(port, { DATABASE_URL: postgres.url, ...provider.settings });
    const { users, isServing } = clientsOf(port, await provider.token());
    await until(isServing);
    const batches = sendBatches(users, "new");
    await until(() => batches.codes.size > 0);
    expect(batches.acknowledged.size).toBe(0);

    provider.recover();
    await until(() => batches.acknowledged.size > 10);
    await batches.stop();
    await expectNoneLost(batches, postgres.url);
    // The deadline of the call and the time limit of the request for the keys are the same.
    expect([...batches.codes]).not.toContain("UNAUTHENTICATED");
  });
});
