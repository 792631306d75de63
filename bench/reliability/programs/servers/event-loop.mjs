// How long the event loop of this process stood still, and what its objects hold.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sleep } from "../clock.mjs";

const resolutionMs = 10;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });

export const loopAnswers = {
  watchLoop() {
    delay.enable();
    delay.reset();
  },

  /** Milliseconds, since `watchLoop`. */
  async longestStall() {
    // The timer that measures a stall comes after it.
    await sleep(10 * resolutionMs);
    return Math.max(0, delay.max / 1e6 - resolutionMs);
  },

  /** Bytes that are in use after garbage collections, on the heap and outside. */
  async heldBytes() {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc");
    // Buffers are freed by a thread of its own, some after the next collection only.
    for (let collections = 0; collections < 3; collections += 1) {
      collect();
      await sleep(200);
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
};
