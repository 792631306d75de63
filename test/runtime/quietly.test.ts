import { expect, test } from "vitest";
import { quietly } from "../../runtime/src/quietly.ts";

test.each([
  [
    "throws",
    () => {
      throw new Error("broken");
    },
  ],
  [
    "rejects",
    async () => {
      throw new Error("broken, later");
    },
  ],
])("a function that %s harms nobody", async (_what, action) => {
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", onUnhandled);
  try {
    quietly(action);
    // Node reports a rejection before the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", onUnhandled);
  }
});
