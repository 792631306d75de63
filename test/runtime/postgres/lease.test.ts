import { describe, expect, test, vi } from "vitest";
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

test("statements that run at the same time are all cancelled", async () => {
  const waiting: ((error: Error) => void)[] = [];
  const session = {
    statementTimeoutMs: 30_000,
    query: <Row>() =>
      new Promise<QueryResult<Row>>((_, reject) => {
        waiting.push(reject);
      }),
    cancel: vi.fn(async () => {
      waiting.shift()?.(new Error("canceled")); // the one that the database has
      return true;
    }),
    release: vi.fn(),
  };
  const call = openCall();
  const lease = new Lease(session, call, options, () => {});
  const statements = ["SELECT 1", "SELECT 2", "SELECT 3"].map((text) => lease.query(text));
  const ends = Promise.allSettled(statements);
  await Promise.resolve();
  const reason = new Error("the caller has left");
  call.end(reason);
  const failed = { status: "rejected", reason };
  expect(await ends).toEqual([failed, failed, failed]);
  expect(session.cancel).toHaveBeenCalledTimes(3);
});

/** A session that notes what it is asked, and can be told what happens during a statement. */
function recordingSession(during: Readonly<Record<string, () => void>>) {
  const texts: string[] = [];
  return {
    texts,
    statementTimeoutMs: 30_000,
    async query<Row>(text: string): Promise<QueryResult<Row>> {
      texts.push(text.split(";")[0] ?? "");
      await Promise.resolve();
      during[text]?.();
      return { command: "SELECT", rowCount: 0, rows: [] };
    },
    cancel: vi.fn(async () => true),
    release: vi.fn(),
  };
}

describe("behind a pooler", () => {
  const pooled = { ...options, behindPooler: true };

  test("a statement that ends although its call has ended is rolled back", async () => {
    const call = openCall();
    const reason = new Error("the caller has left");
    const session = recordingSession({ "INSERT 1": () => call.end(reason) });
    const given = vi.fn();
    const lease = new Lease(session, call, pooled, given);
    await expect(lease.query("INSERT 1")).rejects.toBe(reason);
    lease.release();
    await expect.poll(() => given.mock.calls).toHaveLength(1);
    expect(session.texts).toEqual(["BEGIN", "INSERT 1", "ROLLBACK"]);
    expect(session.release).toHaveBeenCalledWith(false);
  });

  test("a statement that fails takes no later one with it", async () => {
    const failed = new Error("no");
    const session = recordingSession({
      "SELECT 1": () => {
        throw failed;
      },
    });
    const lease = new Lease(session, openCall(), pooled, () => {});
    await expect(lease.query("SELECT 1")).rejects.toBe(failed);
    await lease.query("SELECT 2");
    lease.release();
    expect(session.texts).toEqual(["BEGIN", "SELECT 1", "ROLLBACK", "BEGIN", "SELECT 2", "COMMIT"]);
  });

  test("a commit that fails is rolled back", async () => {
    const failed = new Error("a constraint that is checked at the end");
    const session = recordingSession({
      COMMIT: () => {
        throw failed;
      },
    });
    const given = vi.fn();
    const lease = new Lease(session, openCall(), pooled, given);
    await expect(lease.query("SELECT 1")).rejects.toBe(failed);
    lease.release();
    await expect.poll(() => given.mock.calls).toHaveLength(1);
    expect(session.texts).toEqual(["BEGIN", "SELECT 1", "COMMIT", "ROLLBACK"]);
  });
});
