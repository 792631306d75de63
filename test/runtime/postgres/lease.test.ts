import { expect, test, vi } from "vitest";
import { Lease } from "../../../runtime/src/postgres/lease.ts";
import type { QueryResult } from "../../../runtime/src/postgres/session.ts";
import { openCall } from "./test-database.ts";

/** A session with a statement that ends with a given request to cancel it. */
function sessionThatHears(request: number) {
  let fail: (error: Error) => void = () => {};
  const running = new Promise<never>((_, reject) => {
    fail = reject;
  });
  let requests = 0;
  return {
    statementTimeoutMs: 30_000,
    query: <Row>(): Promise<QueryResult<Row>> => running,
    cancel: vi.fn(async () => {
      requests += 1;
      if (requests === request) fail(new Error("canceled"));
      return true;
    }),
    release: vi.fn(),
  };
}

const options = { statementTimeoutMs: 30_000, behindPooler: false };

test.each([1, 3])(
  "a statement that ends with request %i to cancel it is asked no further",
  async (request) => {
    const session = sessionThatHears(request);
    const call = openCall();
    const given = vi.fn();
    const lease = new Lease(session, call, options, given);
    const statement = lease.query("SELECT pg_sleep(60)");
    const reason = new Error("the caller has left");
    await Promise.resolve();
    call.end(reason);
    await expect(statement).rejects.toBe(reason);
    expect(given).not.toHaveBeenCalled(); // it counts until it is free
    lease.release();
    await expect.poll(() => given.mock.calls).toHaveLength(1);
    expect(session.release).toHaveBeenCalledWith(false);
    expect(session.cancel).toHaveBeenCalledTimes(request);
  },
);
