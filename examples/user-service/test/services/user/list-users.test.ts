import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { noCall, person, useUserTestApp } from "./user-test-app.ts";

const app = useUserTestApp();
const maxInt32 = 2 ** 31 - 1;

async function seed(count: number): Promise<void> {
  const people = Array.from({ length: count }, (_, index) => person(`user${index}`));
  await app.store.createAll(people, noCall);
}

test.each([
  [{ page: 0, limit: 2 }, [1, 2]],
  [{ page: 1, limit: 2 }, [3, 4]],
  [{ page: 2, limit: 2 }, [5]],
  [{ page: 3, limit: 2 }, []],
  [{ page: maxInt32, limit: maxInt32 }, []],
])("%j holds the users %j", async (request, ids) => {
  await seed(5);
  const { users, total, page } = await app.users.listUsers(request);
  expect(users.map(({ id }) => id)).toEqual(ids);
  expect({ total, page }).toEqual({ total: 5, page: request.page });
});

test("a page holds 10 users by default and never more than 100", async () => {
  await seed(101);
  expect((await app.users.listUsers({})).users).toHaveLength(10);
  expect((await app.users.listUsers({ limit: 1000 })).users).toHaveLength(100);
});

test("an empty store has an empty first page", async () => {
  expect(await app.users.listUsers({})).toMatchObject({ users: [], total: 0, page: 0 });
});

test("refuses a negative page and limit", async () => {
  const failure = await failureOf(app.users.listUsers({ page: -1, limit: -1 }));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(["page", "limit"]);
});

test("refuses a call without a token", async () => {
  const call = app.anonymous.listUsers({});
  await expect(call).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});
