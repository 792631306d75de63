import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { describe, expect, test } from "vitest";
import { cleanUp, until } from "../../runtime/support/echo.ts";
import { freePort } from "../../runtime/support/free-port.ts";
import { startPostgres } from "../services/postgres.ts";
import { clientsOf, startService } from "../user-faults/service.ts";

const rows = 200_000;
const megabyte = 1024 ** 2;

describe("StreamUsers over 200 000 users", { tags: "postgresql", timeout: 240_000 }, () => {
  test("takes at most 64 MB of memory, for a fast and for a slow reader", async () => {
    const postgres = await startPostgres();
    cleanUp(() => postgres.stop());
    const port = await freePort();
    const { pid } = startService(port, { DATABASE_URL: postgres.url });
    const { users, isServing } = clientsOf(port);
    await until(isServing);
    await seed(postgres.url);
    // Code is compiled, connections and buffers are there.
    for (let count = 0; count < 200; count += 1) await users.listUsers({ limit: 100 });
    const before = await residentBytes(pid);

    let highest = before;
    const watch = setInterval(async () => {
      highest = Math.max(highest, await residentBytes(pid));
    }, 20);
    cleanUp(() => clearInterval(watch));
    for (const pauseMs of [0, 100]) {
      let count = 0;
      for await (const { id } of users.streamUsers({}, { timeoutMs: 300_000 })) {
        count += 1;
        if (id !== count) throw new Error(`user ${id} is number ${count}`);
        if (pauseMs > 0 && count % 10_000 === 0) {
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      }
      expect(count).toBe(rows);
    }
    expect((highest - before) / megabyte).toBeLessThan(64);
  });
});

async function seed(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(`
    INSERT INTO users (name, email, email_key, age, hobbies, status, created_by)
    SELECT 'Grace Hopper', 'Grace.' || n || '@example.com', 'grace.' || n || '@example.com', 20 + n % 60,
      ARRAY['mathematics', 'music', 'horses'], 1, 'test'
    FROM generate_series(1, ${rows}) AS n`);
  await client.end();
}

/** Resident memory of a process. Linux only, as are the programs of PostgreSQL that are run here. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}
