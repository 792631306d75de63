import { join } from "node:path";
import { execa } from "execa";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserServiceClient } from "../../examples/user-service/src/gen/user_client.ts";
import {
  HealthCheckResponse_ServingStatus as Health,
  HealthClient,
} from "../../runtime/src/health/client.ts";
import { packageRoot } from "../../src/package-root.ts";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { cleanUp, until } from "../runtime/support/echo.ts";
import { freePort } from "../runtime/support/free-port.ts";
import { type Postgres, startPostgres } from "./services/postgres.ts";

const batchSize = 5;

describe("the user service, when its database or its process fails", { tags: "postgresql" }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  /** Starts the service as a process of its own, on the same port each time. */
  function startService(port: number) {
    const tsx = join(packageRoot(), "node_modules/tsx/dist/loader.mjs");
    const args = ["--conditions=@grpc-service/source", `--import=${tsx}`, "src/main.ts"];
    const child = execa(process.execPath, args, {
      cwd: join(packageRoot(), "examples/user-service"),
      env: userEnvironment({
        ENV: "development",
        ADDRESS: `127.0.0.1:${port}`,
        DATABASE_URL: postgres.url,
        AUTH: "off",
        LOG_LEVEL: "error",
      }),
      extendEnv: false,
      reject: false,
      all: true,
    });
    cleanUp(async () => {
      child.kill("SIGKILL");
      await child;
    });
    return child;
  }

  /** Sends batches, several at a time, until it is told to stop. */
  function sendBatches(users: UserServiceClient, name: string) {
    const outcomes = { acknowledged: new Set<string>(), sent: new Set<string>() };
    let isOver = false;
    const loops = Array.from({ length: 4 }, async (_, loop) => {
      for (let count = 0; !isOver; count += 1) {
        const batch = `${name}-${loop}-${count}`;
        outcomes.sent.add(batch);
        try {
          await users.createBatchUsers(people(batch), { timeoutMs: 5_000 });
          outcomes.acknowledged.add(batch);
        } catch {
          // What became of it, the database tells.
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    });
    return {
      ...outcomes,
      async stop() {
        isOver = true;
        await Promise.all(loops);
      },
    };
  }

  async function* people(batch: string) {
    for (let index = 0; index < batchSize; index += 1) {
      yield { name: batch, email: `${batch}-${index}@example.com`, age: 30, hobbies: [] };
    }
  }

  /** How many users of each batch are stored. */
  async function stored(): Promise<Map<string, number>> {
    const client = new Client(postgres.url);
    await client.connect();
    const { rows } = await client.query<{ name: string; count: number }>(
      "SELECT name, count(*)::integer AS count FROM users GROUP BY name",
    );
    await client.end();
    return new Map(rows.map(({ name, count }) => [name, count]));
  }

  async function expectNoneLost({ acknowledged, sent }: ReturnType<typeof sendBatches>) {
    const counts = await stored();
    expect([...acknowledged].filter((batch) => counts.get(batch) !== batchSize)).toEqual([]);
    const partial = [...sent].filter((batch) => ![0, batchSize].includes(counts.get(batch) ?? 0));
    expect(partial).toEqual([]);
  }

  test("acknowledged batches are stored, others in full or not at all, and it recovers by itself", async () => {
    const port = await freePort();
    startService(port);
    const address = `127.0.0.1:${port}`;
    const users = new UserServiceClient(address);
    const health = new HealthClient(address);
    cleanUp(() => users.close());
    cleanUp(() => health.close());
    const isServing = async () =>
      (await health.check({}).catch(() => undefined))?.status === Health.SERVING;
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
    await expectNoneLost(batches);
  });

  test("the same when the service is killed, and starts again", async () => {
    const port = await freePort();
    const first = startService(port);
    const users = new UserServiceClient(`127.0.0.1:${port}`);
    cleanUp(() => users.close());
    const batches = sendBatches(users, "service");
    await until(() => batches.acknowledged.size > 10);
    first.kill("SIGKILL");
    await first;
    const meanwhile = batches.acknowledged.size;
    startService(port);
    await until(() => batches.acknowledged.size > meanwhile + 10);
    await batches.stop();
    await expectNoneLost(batches);
  });
});
