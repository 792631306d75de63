// Somebody who calls now and then and has nothing to do with the others.
import { sleep } from "../clock.mjs";
import { Channel } from "./channel.mjs";
import { Tally } from "./tally.mjs";

const callers = 4;
const pauseMs = 10;
let current;

export const bystanderAnswers = {
  startCalls({ port }) {
    current = { running: true, tally: new Tally() };
    const channel = new Channel(port);
    current.loops = Array.from({ length: callers }, () => callAgain(channel, current));
  },

  /** Settles when all calls have. */
  async stopCalls() {
    current.running = false;
    await Promise.all(current.loops);
    return current.tally;
  },
};

async function callAgain(channel, state) {
  while (state.running) {
    state.tally.add(await channel.call({}));
    await sleep(pauseMs);
  }
}
