import { afterAll, beforeAll, describe, test } from "vitest";
import { until } from "../../runtime/support/echo.ts";
import { freePort } from "../../runtime/support/free-port.ts";
import { type Postgres, startPostgres } from "../services/postgres.ts";
import { expectNoneLost, sendBatches } from "./batches.ts";
import { clientsOf, startService } from "./service.ts";

describe("the user service, when its database or its process is killed", {
  tags: "postgresql",
  timeout: 240_000,
}, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  test("acknowledged batches are stored, others in full or not at all, and it recovers by itself", async () => {
    const port = await freePort();
    startService(port, { DATABASE_URL: postgres.url });
    const { users, isServing } = clientsOf(port);
    await until(isServing);

    const batches = sendBatches(users, "database");
    for (let round = 0; round < 2; round += 1) {
      const before = batches.acknowledged.size;
      await until(() => batches.acknowledged.size > before + 10);
      await postgres.kill();
      // Health tells the truth within its period.
      await until(async () => !(await isServing()));
      const meanwhile = batches.acknowledged.size;
      await postgres.restart();
      await until(() => batches.acknowledged.size > meanwhile);
      await until(isServing);
    }
    await batches.stop();
    await expectNoneLost(batches, postgres.url);
  });

  test("the same when the service is killed, and starts again", async () => {
    const port = await freePort();
    const first = startService(port, { DATABASE_URL: postgres.url });
    const { users } = clientsOf(port);
    const batches = sendBatches(users, "service");
    await until(() => batches.acknowledged.size > 10);
    await first.kill();
    const meanwhile = batches.acknowledged.size;
    startService(port, { DATABASE_URL: postgres.url });
    await until(() => batches.acknowledged.size > meanwhile + 10);
    await batches.stop();
    await expectNoneLost(batches, postgres.url);
  });
});
