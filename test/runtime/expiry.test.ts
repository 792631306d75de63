import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Expiry, expireAfter } from "../../runtime/src/expiry.ts";

/** Milliseconds until the callback came. */
function wait(ms: number): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => expireAfter(ms, () => resolve(performance.now() - start)));
}

describe("a callback", () => {
  test.each([0, 0.5, 1, 10, 100, 700])("comes after %d ms, not before", async (ms) => {
    expect(await wait(ms)).toBeGreaterThanOrEqual(ms - 1);
  });

  test("comes in the order in which the times are over", async () => {
    const order: number[] = [];
    const times = [300, 20, 110, 1, 60];
    await Promise.all(
      times.map(async (ms) => {
        await wait(ms);
        order.push(ms);
      }),
    );
    expect(order).toEqual([1, 20, 60, 110, 300]);
  });

  test("does not come when it is cancelled, whichever of its neighbours was", async () => {
    const called: number[] = [];
    const expiries = Array.from({ length: 9 }, (_, index) =>
      expireAfter(20, () => called.push(index)),
    );
    for (const index of [0, 4, 5, 8]) expiries[index]?.cancel();
    expiries[4]?.cancel();
    await wait(60);
    expect(called).toEqual([1, 2, 3, 6, 7]);
    for (const expiry of expiries) expiry.cancel();
  });

  test("may cancel others that are due with it, and add some", async () => {
    const called: string[] = [];
    let second: Expiry | undefined;
    const added = new Promise<void>((resolve) => {
      expireAfter(20, () => {
        called.push("first");
        second?.cancel();
        expireAfter(1, resolve);
      });
      second = expireAfter(20, () => called.push("second"));
    });
    await added;
    expect(called).toEqual(["first"]);
  });
});

test("what waits does not keep the process alive", () => {
  const module = fileURLToPath(new URL("../../runtime/src/expiry.ts", import.meta.url));
  const program = `
    import { expireAfter } from ${JSON.stringify(module)};
    expireAfter(600_000, () => {});
  `;
  const command = ["--import", "tsx", "--input-type=module", "-e", program];
  execFileSync(process.execPath, command, { timeout: 30_000 });
});
