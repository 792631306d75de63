// Somebody who calls now and then and has nothing to do with the others.
import { sleep } from "../clock.mjs";
import { Channel } from "./channel.mjs";

const callers = 4;
const pauseMs = 10;
let current;

export const bystanderAnswers = {
  startCalls({ port }) {
    current = { running: true, calls: 0, failed: 0, worstMs: 0 };
    const channel = new Channel(port);
    current.loops = Array.from({ length: callers }, () => callAgain(channel, current));
  },

  /** Settles when all calls have. */
  async stopCalls() {
    const { loops } = current;
    current.running = false;
    await Promise.all(loops);
    const { calls, failed, worstMs } = current;
    return { calls, failed, worstMs };
  },
};

async function callAgain(channel, count) {
  while (count.running) {
    const { status, ms } = await channel.call({});
    count.calls += 1;
    if (status !== "0") count.failed += 1;
    count.worstMs = Math.max(count.worstMs, ms ?? 0);
    await sleep(pauseMs);
  }
}
