import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { expect } from "vitest";
import type { UserServiceClient } from "../../../examples/user-service/src/gen/user_client.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { cleanUp } from "../../runtime/support/echo.ts";

const batchSize = 5;

/** Batches that are sent while something fails, and what the callers were told. */
export interface Batches {
  readonly acknowledged: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
  /** The codes of those that failed. */
  readonly codes: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** Sends batches, four at a time, until it is told to stop. Their names begin with `name`. */
export function sendBatches(users: UserServiceClient, name: string): Batches {
  const acknowledged = new Set<string>();
  const sent = new Set<string>();
  const codes = new Set<string>();
  let isOver = false;
  const loops = Array.from({ length: 4 }, async (_, loop) => {
    for (let count = 0; !isOver; count += 1) {
      const batch = `${name}-${loop}-${count}`;
      sent.add(batch);
      try {
        await users.createBatchUsers(people(batch), { timeoutMs: 5_000 });
        acknowledged.add(batch);
      } catch (error) {
        // What became of it, the database tells.
        codes.add(GrpcError.from(error).code);
        await delay(20);
      }
    }
  });
  const stop = async (): Promise<void> => {
    isOver = true;
    await Promise.all(loops);
  };
  cleanUp(stop);
  return { acknowledged, sent, codes, stop };
}

async function* people(batch: string) {
  for (let index = 0; index < batchSize; index += 1) {
    yield { name: batch, email: `${batch}-${index}@example.com`, age: 30, hobbies: [] };
  }
}

/** Expects that acknowledged batches are stored once, and others once or not at all, never a part. */
export async function expectNoneLost({ acknowledged, sent }: Batches, url: string): Promise<void> {
  const counts = await stored(url);
  expect([...acknowledged].filter((batch) => counts.get(batch) !== batchSize)).toEqual([]);
  const partial = [...sent].filter((batch) => ![0, batchSize].includes(counts.get(batch) ?? 0));
  expect(partial).toEqual([]);
}

/** How many users of each batch are stored. */
async function stored(url: string): Promise<Map<string, number>> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query<{ name: string; count: number }>(
    "SELECT name, count(*)::integer AS count FROM users GROUP BY name",
  );
  await client.end();
  return new Map(rows.map(({ name, count }) => [name, count]));
}
