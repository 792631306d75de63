import { beforeEach, describe, expect, test } from "vitest";
import { UserStatus } from "../../src/gen/user_pb.ts";
import {
  DuplicateEmailError,
  type NewUser,
  type StoreCall,
  type UserStore,
} from "../../src/users/user-store.ts";

const call: StoreCall = { signal: new AbortController().signal, actor: "test" };

function person(name: string): NewUser {
  return { name, email: `${name}@example.com`, age: 30, hobbies: ["독서"] };
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `user${index}`);
}

/** Tests of what every `UserStore` must do. */
export function describeUserStore(name: string, open: () => Promise<UserStore>): void {
  describe(name, () => {
    let store: UserStore;
    beforeEach(async () => {
      store = await open();
    });

    test("assigns ids from 1 upwards and the status ACTIVE", async () => {
      const ada = await store.create(person("ada"), call);
      expect(ada).toEqual({ ...person("ada"), id: 1, status: UserStatus.ACTIVE });
      expect((await store.create(person("grace"), call)).id).toBe(2);
    });

    test("assigns distinct ids to users created concurrently", async () => {
      const creations = names(100).map((each) => store.create(person(each), call));
      const users = await Promise.all(creations);
      expect(new Set(users.map(({ id }) => id)).size).toBe(100);
    });

    test("accepts an email only once, ignoring case", async () => {
      const emails = ["ada@example.com", "ADA@example.com", "Ada@Example.com"];
      const attempts = emails.map((email) => store.create({ ...person("ada"), email }, call));
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      await expect(store.create(person("ada"), call)).rejects.toThrow(DuplicateEmailError);
    });

    test("creates all of a batch", async () => {
      expect(await store.createAll([person("ada"), person("grace")], call)).toEqual([1, 2]);
      const found = [await store.find(1, call), await store.find(2, call)];
      expect(found).toMatchObject([person("ada"), person("grace")]);
      expect(await store.createAll([], call)).toEqual([]);
    });

    test("creates no user of a batch with a taken email", async () => {
      await store.create(person("ada"), call);
      for (const batch of [
        [person("grace"), person("ada")],
        [person("grace"), person("grace")],
      ]) {
        await expect(store.createAll(batch, call)).rejects.toThrow(DuplicateEmailError);
      }
      expect((await store.list({ offset: 0, limit: 10 }, call)).total).toBe(1);
      await expect(store.create(person("grace"), call)).resolves.toBeDefined();
    });

    test("creates one of two batches with the same users in another order", async () => {
      const people = ["a", "b", "c", "d"].map(person);
      const batches = [people, people.toReversed()];
      const outcomes = await Promise.allSettled(batches.map((each) => store.createAll(each, call)));
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const refused = outcomes.find(({ status }) => status === "rejected");
      expect(refused).toMatchObject({ reason: expect.any(DuplicateEmailError) });
      expect((await store.list({ offset: 0, limit: 10 }, call)).total).toBe(4);
    });

    test("refuses a text that no database can store", async () => {
      const nul = { ...person("ada"), name: "a\0b" };
      await expect(store.create(nul, call)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      expect((await store.create(person("ada"), call)).id).toBeGreaterThan(0);
    });

    test("finds by id", async () => {
      const ada = await store.create(person("ada"), call);
      expect(await store.find(ada.id, call)).toEqual(ada);
      for (const id of [0, -1, 2, 2 ** 31 - 1]) {
        expect(await store.find(id, call), `${id}`).toBeUndefined();
      }
    });

    test("lists slices in the order of ids, with the total", async () => {
      await store.createAll(["a", "b", "c", "d", "e"].map(person), call);
      const ids = async (offset: number, limit: number) =>
        (await store.list({ offset, limit }, call)).users.map(({ id }) => id);
      expect(await ids(0, 2)).toEqual([1, 2]);
      expect(await ids(4, 2)).toEqual([5]);
      expect(await ids((2 ** 31 - 1) * 100, 100)).toEqual([]);
      expect((await store.list({ offset: 4, limit: 2 }, call)).total).toBe(5);
    });

    test("lists the same slices whatever was listed before", async () => {
      await store.createAll(names(2005).map(person), call);
      const list = async (offset: number, limit: number) => {
        const { users, total } = await store.list({ offset, limit }, call);
        return { ids: users.map(({ id }) => id), total };
      };
      const walk = async (limit: number, offset = 0): Promise<number[]> => {
        const { ids } = await list(offset, limit);
        return ids.length === 0 ? [] : [...ids, ...(await walk(limit, offset + limit))];
      };
      const all = Array.from({ length: 2005 }, (_, index) => index + 1);
      expect(await walk(100)).toEqual(all);
      expect(await list(150, 3)).toEqual({ ids: [151, 152, 153], total: 2005 });
      expect(await list(200, 2)).toEqual({ ids: [201, 202], total: 2005 });
      await store.create(person("late"), call);
      expect(await list(2004, 10)).toEqual({ ids: [2005, 2006], total: 2006 });
      expect(await list(2006, 10)).toEqual({ ids: [], total: 2006 });
    });

    test("streams the users that exist when it starts", async () => {
      await store.createAll(["a", "b", "c"].map(person), call);
      const names: string[] = [];
      for await (const user of store.stream(call)) {
        if (names.length === 0) await store.create(person("late"), call);
        names.push(user.name);
      }
      expect(names).toEqual(["a", "b", "c"]);
    });

    test("changes a status", async () => {
      const { id } = await store.create(person("ada"), call);
      const suspended = await store.setStatus(id, UserStatus.SUSPENDED, call);
      expect(suspended?.status).toBe(UserStatus.SUSPENDED);
      expect(await store.find(id, call)).toEqual(suspended);
      expect(await store.setStatus(99, UserStatus.ACTIVE, call)).toBeUndefined();
    });

    test("returns copies and stores copies", async () => {
      const mine = person("ada");
      const created = await store.create(mine, call);
      mine.hobbies.push("changed");
      created.hobbies.push("changed");
      const found = await store.find(created.id, call);
      found?.hobbies.push("changed");
      expect((await store.find(created.id, call))?.hobbies).toEqual(["독서"]);
    });

    test("does nothing for a call that has ended", async () => {
      await store.create(person("ada"), call);
      const reason = new Error("the caller has left");
      const ended: StoreCall = { ...call, signal: AbortSignal.abort(reason) };
      const next = () => store.stream(ended)[Symbol.asyncIterator]().next();
      await expect(store.create(person("grace"), ended)).rejects.toBe(reason);
      await expect(store.createAll([person("grace")], ended)).rejects.toBe(reason);
      await expect(store.find(1, ended)).rejects.toBe(reason);
      await expect(store.list({ offset: 0, limit: 1 }, ended)).rejects.toBe(reason);
      await expect(store.setStatus(1, UserStatus.INACTIVE, ended)).rejects.toBe(reason);
      await expect(next()).rejects.toBe(reason);
      expect((await store.list({ offset: 0, limit: 1 }, call)).total).toBe(1);
    });
  });
}
