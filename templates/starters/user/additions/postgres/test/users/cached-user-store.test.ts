import { Registry } from "prom-client";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { UserStatus } from "../../src/gen/user_pb.ts";
import { CachedUserStore } from "../../src/users/cached-user-store.ts";
import type { StoreCall, StoredUser, UserStore } from "../../src/users/user-store.ts";

const call: StoreCall = { signal: new AbortController().signal, actor: "test" };
const ada: StoredUser = {
  ...{ id: 1, name: "ada", email: "ada@example.com", age: 30, hobbies: [] },
  status: UserStatus.ACTIVE,
};
const suspended = { ...ada, status: UserStatus.SUSPENDED };

/** The store behind the cache. */
const behind = {
  create: vi.fn<UserStore["create"]>(async () => ada),
  createAll: vi.fn<UserStore["createAll"]>(async () => [ada.id]),
  find: vi.fn<UserStore["find"]>(),
  list: vi.fn<UserStore["list"]>(),
  stream: vi.fn<UserStore["stream"]>(),
  setStatus: vi.fn<UserStore["setStatus"]>(async () => suspended),
};
let store: CachedUserStore;
beforeEach(() => {
  vi.clearAllMocks();
  behind.find.mockReset().mockResolvedValue(ada);
  store = new CachedUserStore(behind, { registry: new Registry() });
});

test("looks once for calls at the same time and after it", async () => {
  await Promise.all([store.find(1, call), store.find(1, call)]);
  expect(await store.find(1, call)).toEqual(ada);
  expect(behind.find).toHaveBeenCalledTimes(1);
  await store.find(2, call);
  expect(behind.find).toHaveBeenCalledTimes(2);
});

test("sees a suspension at once", async () => {
  await store.find(1, call);
  behind.find.mockResolvedValue(suspended);
  await store.setStatus(1, UserStatus.SUSPENDED, call);
  expect(await store.find(1, call)).toEqual(suspended);
});

test("sees a suspension whose acknowledgement got lost", async () => {
  await store.find(1, call);
  behind.find.mockResolvedValue(suspended);
  behind.setStatus.mockRejectedValueOnce(new Error("connection lost"));
  await expect(store.setStatus(1, UserStatus.SUSPENDED, call)).rejects.toThrow("connection lost");
  expect(await store.find(1, call)).toEqual(suspended);
});

test("does not keep what was read before a change", async () => {
  behind.find.mockResolvedValue(suspended).mockImplementationOnce(async () => {
    await store.setStatus(1, UserStatus.SUSPENDED, call);
    return ada;
  });
  expect(await store.find(1, call)).toEqual(ada);
  expect(await store.find(1, call)).toEqual(suspended);
});

describe("a user that was not found", () => {
  const isFoundAfter = async (write: () => Promise<unknown>) => {
    behind.find.mockResolvedValueOnce(undefined);
    expect(await store.find(1, call)).toBeUndefined();
    expect(await store.find(1, call)).toBeUndefined();
    expect(behind.find).toHaveBeenCalledTimes(1);
    await write();
    expect(await store.find(1, call)).toEqual(ada);
  };

  test("is found once it is created", () => isFoundAfter(() => store.create(ada, call)));
  test("is found once its batch is", () => isFoundAfter(() => store.createAll([ada], call)));
});
