import { failureOf, invalidFields } from "grpc-service/testing";
import { afterEach, expect, test, vi } from "vitest";
import { UserStatus } from "../../../src/gen/user_pb.ts";
import type { StoreCall } from "../../../src/users/user-store.ts";
import { noCall, person, useUserTestApp } from "./user-test-app.ts";

const app = useUserTestApp();
afterEach(() => vi.restoreAllMocks());

/** The calls that reach the store. */
function observe() {
  return vi.spyOn(app.store, "find");
}

/** A store that answers to no call before it ends. */
function beSlow(): () => StoreCall | undefined {
  const find = observe().mockImplementation(
    async (_id, { signal }) =>
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  );
  return () => find.mock.lastCall?.[1];
}

test("returns the user", async () => {
  await app.store.create(person("홍길동"), noCall);
  expect(await app.users.getUser({ id: 1 })).toMatchObject({ ...person("홍길동"), id: 1 });
});

test.each([0, -1])("refuses the id %i and names it", async (id) => {
  const failure = await failureOf(app.users.getUser({ id }));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(failure.rawMessage).toBe(`id: must be at least 1, not ${id}`);
  expect(invalidFields(failure)).toEqual(["id"]);
});

test("returns NOT_FOUND for an unknown id", async () => {
  const failure = await failureOf(app.users.getUser({ id: 7 }));
  expect(failure).toMatchObject({ code: "NOT_FOUND", rawMessage: "user 7 not found" });
});

test("does not return a suspended user", async () => {
  const { id } = await app.store.create(person("ada"), noCall);
  await app.store.setStatus(id, UserStatus.SUSPENDED, noCall);
  const failure = await failureOf(app.users.getUser({ id }));
  expect(failure).toMatchObject({ code: "PERMISSION_DENIED", rawMessage: "user 1 is suspended" });
});

test("refuses a call without a token before it reaches the store", async () => {
  const find = observe();
  const call = app.anonymous.getUser({ id: 1 });
  await expect(call).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect(find).not.toHaveBeenCalled();
});

test("passes the caller to the store", async () => {
  const find = observe();
  await failureOf(app.users.getUser({ id: 1 }));
  expect(find.mock.lastCall?.[1].actor).toBe("test-user");
});

test("stops the store when the deadline passes", async () => {
  const stored = beSlow();
  const call = app.users.getUser({ id: 1 }, { timeoutMs: 1000 });
  await expect(call).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  await expect.poll(() => stored()?.signal.aborted).toBe(true);
});

test("stops the store when the caller cancels", async () => {
  const stored = beSlow();
  const caller = new AbortController();
  const call = app.users.getUser({ id: 1 }, { signal: caller.signal });
  const outcome = failureOf(call);
  await expect.poll(stored).toBeDefined();
  caller.abort();
  expect((await outcome).code).toBe("CANCELLED");
  await expect.poll(() => stored()?.signal.aborted).toBe(true);
});
