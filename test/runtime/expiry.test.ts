import { AsyncLocalStorage } from "node:async_hooks";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { type Expiry, expireAfter } from "../../runtime/src/expiry.ts";
import { cleanUp } from "./support/echo.ts";

const module = fileURLToPath(new URL("../../runtime/src/expiry.ts", import.meta.url));

/** Runs a program in a process of its own. @returns what it prints */
function run(program: string): string {
  const command = ["--import", "tsx", "--input-type=module", "-e", program];
  return execFileSync(process.execPath, command, { encoding: "utf8", timeout: 30_000 });
}

/** Milliseconds until the callback came. */
function wait(ms: number): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => expireAfter(ms, () => resolve(performance.now() - start)));
}

describe("a callback", () => {
  test.each([0, 0.5, 1, 10, 100, 700, 1_100, 2_300])(
    "comes after %d ms, not before",
    async (ms) => {
      expect(await wait(ms)).toBeGreaterThanOrEqual(ms - 1);
    },
  );

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

describe("many times", () => {
  const later = () => new Promise((resolve) => setTimeout(resolve, 0));

  test("share few timers, whatever times they are", () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    cleanUp(() => void timers.mockRestore());
    for (let index = 0; index < 20_000; index += 1) {
      expireAfter(1_000 + ((index * 7_919_771) % 2_147_000_000), () => {}).cancel();
    }
    expect(timers.mock.calls.length).toBeLessThan(700);
  });

  // Node counts its timers from the begin of the turn.
  test("are not over early after a long turn", async () => {
    await later();
    const end = performance.now() + 40;
    while (performance.now() < end);
    expect(await wait(30)).toBeGreaterThanOrEqual(29);
  });

  test("pass in the context of none of their calls", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    await storage.run("first", () => wait(5));
    await storage.run(
      "second",
      () =>
        new Promise<void>((resolve) =>
          expireAfter(5, () => {
            seen.push(storage.getStore());
            resolve();
          }),
        ),
    );
    expect(seen).toEqual([undefined]);
  });
});

test("a callback that throws keeps no other from coming", async () => {
  const program = `
    import { expireAfter } from ${JSON.stringify(module)};
    process.on("uncaughtException", ({ message }) => console.log(message));
    for (const name of ["a", "b"]) {
      expireAfter(20, () => { throw new Error(name); });
      expireAfter(20, () => console.log("after", name));
    }
    setTimeout(() => {}, 200);
  `;
  expect(run(program).trim().split("\n").toSorted()).toEqual(["a", "after a", "after b", "b"]);
});

test("what waits does not keep the process alive", () => {
  run(`
    import { expireAfter } from ${JSON.stringify(module)};
    expireAfter(600_000, () => {});
  `);
});
