import type { Pool, PoolClient } from "pg";
import { withConnection } from "./connection.ts";

/**
 * Runs `work` in a transaction: what it has done holds when it resolves, and nothing of it when it
 * rejects or `signal` aborts, whose reason is thrown then.
 *
 * @example
 * ```ts
 * await transaction(database, context.signal, async (client) => {
 *   await client.query("UPDATE accounts SET balance = balance - $1 WHERE id = $2", [amount, from]);
 *   await client.query("UPDATE accounts SET balance = balance + $1 WHERE id = $2", [amount, to]);
 * });
 * ```
 */
export async function transaction<T>(
  database: Pool,
  signal: AbortSignal,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return withConnection(database, signal, async (client) => {
    await client.query("BEGIN");
    try {
      const result = await work(client);
      await client.query("COMMIT");
      return result;
    } catch (error) {
      // On a broken connection this fails, too; the database has undone everything then.
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  });
}
