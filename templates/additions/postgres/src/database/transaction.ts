import type { Pool, PoolClient } from "pg";
import { withConnection } from "./connection.ts";

/**
 * Runs `work` in a transaction: committed when `work` resolves, rolled back when it rejects or `signal`
 * aborts. After an abort, the reason of the signal is thrown.
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
      // Fails on a broken connection: then the database has already rolled back.
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  });
}
