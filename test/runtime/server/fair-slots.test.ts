import { expect, test } from "vitest";
import { FairSlots } from "../../../runtime/src/server/fair-slots.ts";

test("a free slot is taken without a promise", () => {
  const slots = new FairSlots(1);
  const connection = {};
  expect(slots.enter(connection)).toBeUndefined();
  expect(slots.enter(connection)).toBeInstanceOf(Promise);
  slots.leave();
  slots.leave();
  expect(slots.enter(connection)).toBeUndefined();
});

test("connections take turns, each in the order of its own", async () => {
  const slots = new FairSlots(2);
  const order: string[] = [];
  const [greedy, modest] = [{}, {}];
  const enter = (connection: object, name: string) =>
    Promise.resolve(slots.enter(connection)).then(() => order.push(name));
  const entered = [];
  for (let index = 0; index < 6; index += 1) entered.push(enter(greedy, `greedy ${index}`));
  entered.push(enter(modest, "modest 0"), enter(modest, "modest 1"));
  for (let index = 0; index < 8; index += 1) slots.leave();
  await Promise.all(entered);
  expect(order).toEqual([
    ...["greedy 0", "greedy 1", "greedy 2", "modest 0"],
    ...["greedy 3", "modest 1", "greedy 4", "greedy 5"],
  ]);
});
