import { expect, test } from "vitest";
import { CallSlots } from "../../../runtime/src/concurrency/index.ts";
import { RetryInfoSchema } from "../../../runtime/src/error-details.ts";
import { GrpcError } from "../../../runtime/src/index.ts";

const { signal: never } = new AbortController();

/** Takes a slot for each name, in this order, and notes who gets one. A name begins with the caller. */
function line(slots: CallSlots, ...names: string[]) {
  const order: string[] = [];
  const refused: string[] = [];
  const held: (() => void)[] = [];
  const taken = names.map(async (name) => {
    try {
      const leave = await slots.take(name.replace(/\d+$/, ""), never);
      order.push(name);
      held.push(leave);
    } catch (error) {
      refused.push(`${name} ${GrpcError.from(error).code}`);
    }
  });
  return {
    order,
    refused,
    /** Gives back the slot that was taken first, and lets the next call have it. */
    async leave() {
      held.shift()?.();
      await settled();
    },
    all: () => Promise.all(taken),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("as many run as there are slots, and their number is known", async () => {
  const slots = new CallSlots({ slots: 2 });
  const { order, leave } = line(slots, "a1", "a2", "a3");
  await settled();
  expect(order).toEqual(["a1", "a2"]);
  expect([slots.runningCount, slots.waitingCount]).toEqual([2, 1]);
  await leave();
  expect(order).toEqual(["a1", "a2", "a3"]);
  expect([slots.runningCount, slots.waitingCount]).toEqual([2, 0]);
  await leave();
  await leave();
  expect([slots.runningCount, slots.waitingCount]).toEqual([0, 0]);
});

test("a slot that is given back twice is free once", async () => {
  const slots = new CallSlots({ slots: 1 });
  const leave = await slots.take("a", never);
  leave();
  const other = await slots.take("b", never);
  leave();
  expect(slots.runningCount).toBe(1);
  other();
  expect(slots.runningCount).toBe(0);
});

test("a caller with few calls does not wait for one with many", async () => {
  const slots = new CallSlots({ slots: 2 });
  const { order, leave } = line(slots, "a1", "a2", "a3", "a4", "a5", "b1", "c1", "b2");
  await settled();
  for (let count = 0; count < 6; count += 1) await leave();
  expect(order).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4", "a5"]);
});

test("calls of one caller keep their order", async () => {
  const slots = new CallSlots({ slots: 1 });
  const names = Array.from({ length: 20 }, (_, index) => `a${index}`);
  const { order, leave, all } = line(slots, ...names);
  await settled();
  for (let count = 0; count < 20; count += 1) await leave();
  await all();
  expect(order).toEqual(names);
});

test("a call that finds the queue full is refused, with the advice when to try again", async () => {
  const slots = new CallSlots({ slots: 1, maxWaiting: 1 });
  await slots.take("a", never);
  slots.take("a", never).catch(() => {});
  const failure = await slots.take("a", never).catch((error: unknown) => GrpcError.from(error));
  expect(failure).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  const [advice] = failure instanceof GrpcError ? failure.findDetails(RetryInfoSchema) : [];
  expect(Number(advice?.retryDelay?.seconds)).toBeGreaterThanOrEqual(1);
  expect(slots.waitingCount).toBe(1);
});

test("the advice follows the time for which slots are kept", async () => {
  const slots = new CallSlots({ slots: 100, maxWaiting: 0 });
  for (let round = 0; round < 200; round += 1) (await slots.take("a", never))();
  const held = await Promise.all(Array.from({ length: 100 }, () => slots.take("a", never)));
  expect(held).toHaveLength(100);
  const failure = GrpcError.from(await slots.take("b", never).catch((error: unknown) => error));
  expect(failure.findDetails(RetryInfoSchema)).toMatchObject([
    { retryDelay: { seconds: 0n, nanos: 100_000_000 } },
  ]);
});

test("one caller cannot fill the queue: its newest call makes room for another caller's", async () => {
  const slots = new CallSlots({ slots: 1, maxWaiting: 3 });
  const { order, refused, leave } = line(slots, "a1", "a2", "a3", "a4", "a5", "b1", "b2", "c1");
  await settled();
  // a5 finds three of its own. b1 has none yet: a4 goes. b2 would have as many as a. c1 has none: a3 goes.
  const gone = ["a3", "a4", "a5", "b2"].map((name) => `${name} RESOURCE_EXHAUSTED`);
  expect(refused.sort()).toEqual(gone);
  for (let count = 0; count < 4; count += 1) await leave();
  expect(order[0]).toBe("a1");
  expect(order.slice(1).sort()).toEqual(["a2", "b1", "c1"]);
});

test("a call that has waited too long is refused", async () => {
  const slots = new CallSlots({ slots: 1, maxWaitMs: 20 });
  const leave = await slots.take("a", never);
  await expect(slots.take("b", never)).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  expect(slots.waitingCount).toBe(0);
  leave();
  expect(slots.runningCount).toBe(0);
});

test("a call that ends while it waits leaves the queue", async () => {
  const slots = new CallSlots({ slots: 1 });
  const leave = await slots.take("a", never);
  const reason = new GrpcError("CANCELLED", "the caller has left");
  const controller = new AbortController();
  const waiting = slots.take("a", controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(slots.waitingCount).toBe(0);
  await expect(slots.take("a", controller.signal)).rejects.toBe(reason);
  leave();
  expect(slots.runningCount).toBe(0);
});

test("nothing is kept of callers without calls", async () => {
  const slots = new CallSlots({ slots: 4, maxWaiting: 2, maxWaitMs: 5_000 });
  let most = 0;
  const work = Array.from({ length: 500 }, async (_, index) => {
    const leave = await slots.take(`caller ${index % 40}`, never).catch(() => undefined);
    if (leave === undefined) return;
    most = Math.max(most, slots.runningCount);
    await settled();
    leave();
    leave();
  });
  await Promise.all(work);
  expect(most).toBe(4);
  expect([slots.runningCount, slots.waitingCount]).toEqual([0, 0]);
});

test("there must be a slot", () => {
  expect(() => new CallSlots({ slots: 0 })).toThrow("slots must be at least 1, not 0");
  expect(() => new CallSlots({ slots: Number.NaN })).toThrow(RangeError);
});
