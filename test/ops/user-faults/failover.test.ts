import { describe, expect, test } from "vitest";
import { cleanUp, until } from "../../runtime/support/echo.ts";
import { freePort } from "../../runtime/support/free-port.ts";
import { startPostgres } from "../services/postgres.ts";
import { startStandby } from "../services/postgres-standby.ts";
import { startAddress } from "./address.ts";
import { expectNoneLost, sendBatches } from "./batches.ts";
import { clientsOf, startService } from "./service.ts";

describe("the user service, when its database fails over", {
  tags: "postgresql",
  timeout: 240_000,
}, () => {
  test("no acknowledged batch is lost, health reports the read-only standby, and it recovers by itself", async () => {
    const primary = await startPostgres();
    cleanUp(() => primary.stop());
    const standby = await startStandby(primary);
    cleanUp(() => standby.stop());
    const database = await startAddress(primary.url);
    const port = await freePort();
    startService(port, { DATABASE_URL: database.url });
    const { users, isServing } = clientsOf(port);
    await until(isServing);
    const batches = sendBatches(users, "failover");
    await until(() => batches.acknowledged.size > 20);

    await primary.kill();
    database.switchTo(standby.url);
    await until(async () => !(await isServing()));
    // It can be read meanwhile.
    await until(async () => (await users.listUsers({}).catch(() => undefined)) !== undefined);
    const { code, rawMessage } = await users.createUser({ name: "a", email: "a@example.com" }).then(
      () => ({ code: "OK", rawMessage: "" }),
      (error) => error,
    );
    expect({ code, rawMessage }).toEqual({
      code: "UNAVAILABLE",
      rawMessage: "the database is read only at the moment",
    });
    const meanwhile = batches.acknowledged.size;

    await standby.promote();
    await until(() => batches.acknowledged.size > meanwhile + 20);
    await until(isServing);
    await batches.stop();
    await expectNoneLost(batches, standby.url);
    // Only what tells callers to try again.
    expect(["DEADLINE_EXCEEDED", "UNAVAILABLE"]).toEqual(
      expect.arrayContaining([...batches.codes]),
    );
  });
});
