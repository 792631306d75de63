import { expect, test, vi } from "vitest";
import { DatabaseError } from "../../../runtime/src/postgres/index.ts";
import type { QueryResult } from "../../../runtime/src/postgres/session.ts";
import { Database, openCall } from "./test-database.ts";

/** A database that has nothing to say. */
function emptyDatabase(): Database {
  const session = {
    statementTimeoutMs: undefined,
    async query<Row>(): Promise<QueryResult<Row>> {
      return { command: "SELECT", rowCount: 0, rows: [] };
    },
    cancel: async () => true,
    release() {},
  };
  const source = { totalCount: 1, idleCount: 1, connect: async () => session, end: async () => {} };
  return new Database(source, { poolSize: 1, statementTimeoutMs: 1000, behindPooler: false });
}

test("a call that ends between two attempts at a transaction ends with its reason", async () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  const call = openCall();
  const reason = new Error("the deadline has passed");
  const work = vi.fn(async () => {
    setTimeout(() => call.end(reason));
    throw new DatabaseError(new Error("deadlock detected"), "40P01");
  });
  await expect(emptyDatabase().transaction(call, work)).rejects.toBe(reason);
  expect(work).toHaveBeenCalledTimes(1);
  vi.restoreAllMocks();
});
