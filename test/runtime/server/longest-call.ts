import { setTimeout as delay } from "node:timers/promises";
import { connect } from "../support/echo.ts";
import type { ServerProcess } from "./server-process.ts";

/** What calls had to wait, in milliseconds; the longest of them. */
export interface Wait {
  /** By the clock: a busy machine makes it longer. */
  readonly clock: number;
  /** What the server computed before it answered, whatever else runs on the machine. */
  readonly work: number;
}

/** Calls one after the other until `done`. */
export async function longestCall(server: ServerProcess, done: Promise<unknown>): Promise<Wait> {
  const client = connect(server.address);
  let over = false;
  const end = () => {
    over = true;
  };
  done.then(end, end);
  let clock = 0;
  let work = 0;
  let computed = (await client.unary({ text: "computed" })).number;
  do {
    const before = performance.now();
    const { number } = await client.unary({ text: "computed" });
    clock = Math.max(clock, performance.now() - before);
    work = Math.max(work, (number - computed) / 1000);
    computed = number;
    await delay(5);
  } while (!over);
  client.close();
  return { clock, work };
}

/**
 * The longest call in one of several periods: the first one in which none takes as long as `limit`,
 * or else the last. A busy machine spoils some periods, a server that is held up spoils all.
 */
export async function longestCallAtBest(server: ServerProcess, limit: Wait): Promise<Wait> {
  let wait = await longestCall(server, delay(400));
  for (let period = 1; period < 25; period += 1) {
    if (wait.clock < limit.clock && wait.work < limit.work) break;
    wait = await longestCall(server, delay(400));
  }
  return wait;
}
