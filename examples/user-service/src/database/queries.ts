import type { CallPool } from "grpc-service/postgres";
import { Kysely, PostgresDialect } from "kysely";

/**
 * Typed queries over the connections of a call, or that of a transaction.
 *
 * @example
 * ```ts
 * const db = queries<{ orders: { id: number; total: string } }>(database.within(context));
 * const order = await db.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
 * ```
 */
export function queries<Tables>(pool: CallPool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
