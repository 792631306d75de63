import type { Pool, PoolClient } from "pg";
import { toUnavailable } from "./unavailable.ts";

/**
 * Lends a connection of the pool to `work`. When `signal` aborts (the caller cancels or its deadline
 * passes), the connection is closed, even during a statement, and the reason of the signal is thrown.
 *
 * @throws GrpcError UNAVAILABLE when the database cannot be reached; else whatever `work` throws.
 * @example
 * ```ts
 * const { rows } = await withConnection(database, context.signal, (client) =>
 *   client.query<{ name: string }>("SELECT name FROM users WHERE id = $1", [id]),
 * );
 * ```
 */
export async function withConnection<T>(
  database: Pool,
  signal: AbortSignal,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = await connect(database);
  let lent = true;
  const cut = (): void => {
    lent = false;
    client.release(true); // the pool closes it
  };
  // Closing it fails the running statement and later ones. Without a listener, the error would end the process.
  const onBreak = (): void => {};
  client.on("error", onBreak);
  if (signal.aborted) cut();
  else signal.addEventListener("abort", cut, { once: true });
  try {
    signal.throwIfAborted();
    return await work(client);
  } catch (error) {
    throw signal.aborted ? signal.reason : toUnavailable(error);
  } finally {
    signal.removeEventListener("abort", cut);
    if (lent) {
      client.off("error", onBreak);
      client.release();
    }
  }
}

async function connect(database: Pool): Promise<PoolClient> {
  try {
    return await database.connect();
  } catch (error) {
    throw toUnavailable(error);
  }
}
