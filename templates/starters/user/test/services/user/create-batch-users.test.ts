import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test, vi } from "vitest";
import { noCall, person, useUserTestApp } from "./user-test-app.ts";

const app = useUserTestApp();

async function total(): Promise<number> {
  return (await app.store.list({ offset: 0, limit: 1 }, noCall)).total;
}

test("creates all users and replies once", async () => {
  const { user, message } = await app.users.createBatchUsers(
    ["ada", "grace", "홍길동"].map(person),
  );
  expect(message).toBe("3 users created");
  expect(user).toBeUndefined();
  expect(await total()).toBe(3);
});

test("passes the caller and the signal to the store", async () => {
  const createAll = vi.spyOn(app.store, "createAll");
  await app.users.createBatchUsers([person("ada")]);
  expect(createAll).toHaveBeenCalledWith(
    [person("ada")],
    expect.objectContaining({ actor: "test-user", signal: expect.any(AbortSignal) }),
  );
});

test("accepts an empty batch", async () => {
  expect((await app.users.createBatchUsers([])).message).toBe("0 users created");
});

test("an invalid request creates no users", async () => {
  const batch = [person("ada"), { ...person("grace"), email: "nowhere" }, person("barbara")];
  const failure = await failureOf(app.users.createBatchUsers(batch));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(["email"]);
  expect(await total()).toBe(0);
});

test("an invalid request ends the call while the caller is still sending", async () => {
  async function* endless() {
    yield { ...person("ada"), name: "" };
    await new Promise(() => {}); // never half-closes
  }
  const failure = await failureOf(app.users.createBatchUsers(endless()));
  expect(failure.code).toBe("INVALID_ARGUMENT");
});

test("a taken email creates no users", async () => {
  await app.users.createUser(person("ada"));
  const failure = await failureOf(app.users.createBatchUsers([person("grace"), person("ada")]));
  expect(failure.code).toBe("ALREADY_EXISTS");
  expect(await total()).toBe(1);
});

test("a batch has a limit", async () => {
  const people = Array.from({ length: 1001 }, (_, index) => person(`user${index}`));
  const failure = await failureOf(app.users.createBatchUsers(people));
  expect(failure).toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(failure.rawMessage).toContain("at most 1000 users");
  expect(await total()).toBe(0);
  expect((await app.users.createBatchUsers(people.slice(1))).message).toBe("1000 users created");
});

test("a cancelled call creates no users", async () => {
  const caller = new AbortController();
  async function* leaving() {
    yield person("ada");
    caller.abort();
    yield person("grace");
  }
  const call = app.users.createBatchUsers(leaving(), { signal: caller.signal });
  expect((await failureOf(call)).code).toBe("CANCELLED");
  expect(await total()).toBe(0);
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.createBatchUsers([person("ada")]));
  expect(failure.code).toBe("UNAUTHENTICATED");
  expect(await total()).toBe(0);
});
