import { collect, failureOf, invalidFields } from "grpc-service/testing";
import { afterEach, expect, test, vi } from "vitest";
import { noCall, person, useUserTestApp } from "./user-test-app.ts";

const app = useUserTestApp();
afterEach(() => vi.restoreAllMocks());

/** Counts the users that are read from the store, and sees when the stream is closed. */
function observe() {
  const seen = { read: 0, closed: false };
  const stream = app.store.stream.bind(app.store);
  vi.spyOn(app.store, "stream").mockImplementation(async function* (call) {
    try {
      for await (const user of stream(call)) {
        seen.read += 1;
        yield user;
      }
    } finally {
      seen.closed = true;
    }
  });
  return seen;
}

async function seed(count: number): Promise<void> {
  const people = Array.from({ length: count }, (_, index) => person(`user${index}`));
  await app.store.createAll(people, noCall);
}

test("sends all users, ordered by id", async () => {
  await seed(250);
  const users = await collect(app.users.streamUsers({}));
  expect(users.map(({ id }) => id)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
});

test("sends nothing without users", async () => {
  expect(await collect(app.users.streamUsers({}))).toEqual([]);
});

test("pauses between two users", async () => {
  await seed(2);
  const arrivals: number[] = [];
  for await (const _ of app.users.streamUsers({ delaySeconds: 1 })) {
    arrivals.push(performance.now());
  }
  const [first = 0, second = 0, ...others] = arrivals;
  expect(others).toEqual([]);
  expect(second - first).toBeGreaterThan(900);
});

test("stops during a pause when the deadline passes", async () => {
  const store = observe();
  await seed(2);
  const failure = await failureOf(app.users.streamUsers({ delaySeconds: 60 }, { timeoutMs: 1000 }));
  expect(failure.code).toBe("DEADLINE_EXCEEDED");
  await expect.poll(() => store.closed).toBe(true);
  expect(store.read).toBe(2);
});

test("stops during a pause when the caller cancels", async () => {
  const store = observe();
  await seed(2);
  for await (const { id } of app.users.streamUsers({ delaySeconds: 60 })) {
    expect(id).toBe(1);
    break;
  }
  await expect.poll(() => store.closed).toBe(true);
});

test("does not read far ahead of a slow caller", async () => {
  const store = observe();
  await seed(20_000);
  const stream = app.users.streamUsers({})[Symbol.asyncIterator]();
  await stream.next();
  await new Promise((resolve) => setTimeout(resolve, 100)); // time to run ahead, if it would
  expect(store.read).toBeLessThan(10_000);
  await stream.return?.();
  await expect.poll(() => store.closed).toBe(true);
});

test.each([-1, 61])("refuses a pause of %i seconds", async (delaySeconds) => {
  const failure = await failureOf(app.users.streamUsers({ delaySeconds }));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(["delay_seconds"]);
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.streamUsers({}));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
