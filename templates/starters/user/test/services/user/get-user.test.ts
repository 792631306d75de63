import { expect, test } from "vitest";
import { UserStatus } from "../../../src/gen/user_pb.ts";
import { MemoryUserStore } from "../../../src/users/memory-user-store.ts";
import type { StoreCall, StoredUser } from "../../../src/users/user-store.ts";
import { failureOf, fieldsOf, noCall, person, useUserTestApp } from "./user-test-app.ts";

/** Records the last call. While `slow` is true, it does not return. */
class ObservedStore extends MemoryUserStore {
  slow = false;
  call: StoreCall | undefined;

  override async find(id: number, call: StoreCall): Promise<StoredUser | undefined> {
    this.call = call;
    if (!this.slow) return await super.find(id, call);
    return await new Promise((_, reject) => {
      call.signal.addEventListener("abort", () => reject(call.signal.reason), { once: true });
    });
  }
}

let store: ObservedStore;
const app = useUserTestApp(() => {
  store = new ObservedStore();
  return { users: store };
});

test("returns the user", async () => {
  await store.create(person("홍길동"), noCall);
  expect(await app.users.getUser({ id: 1 })).toMatchObject({ ...person("홍길동"), id: 1 });
});

test.each([0, -1])("refuses the id %i and names it", async (id) => {
  const failure = await failureOf(app.users.getUser({ id }));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(failure.rawMessage).toBe(`id: must be at least 1, not ${id}`);
  expect(fieldsOf(failure)).toEqual(["id"]);
});

test("returns NOT_FOUND for an unknown id", async () => {
  const failure = await failureOf(app.users.getUser({ id: 7 }));
  expect(failure).toMatchObject({ code: "NOT_FOUND", rawMessage: "user 7 not found" });
});

test("does not return a suspended user", async () => {
  const { id } = await store.create(person("ada"), noCall);
  await store.setStatus(id, UserStatus.SUSPENDED, noCall);
  const failure = await failureOf(app.users.getUser({ id }));
  expect(failure).toMatchObject({ code: "PERMISSION_DENIED", rawMessage: "user 1 is suspended" });
});

test("refuses a call without a token before it reaches the store", async () => {
  const call = app.anonymous.getUser({ id: 1 });
  await expect(call).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect(store.call).toBeUndefined();
});

test("passes the caller to the store", async () => {
  await failureOf(app.users.getUser({ id: 1 }));
  expect(store.call?.actor).toBe("test-user");
});

test("stops the store when the deadline passes", async () => {
  store.slow = true;
  const call = app.users.getUser({ id: 1 }, { timeoutMs: 1000 });
  await expect(call).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  await expect.poll(() => store.call?.signal.aborted).toBe(true);
});

test("stops the store when the caller cancels", async () => {
  store.slow = true;
  const caller = new AbortController();
  const call = app.users.getUser({ id: 1 }, { signal: caller.signal });
  const outcome = failureOf(call);
  await expect.poll(() => store.call).toBeDefined();
  caller.abort();
  expect((await outcome).code).toBe("CANCELLED");
  await expect.poll(() => store.call?.signal.aborted).toBe(true);
});
