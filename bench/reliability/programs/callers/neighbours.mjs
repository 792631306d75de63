// Callers that share a connection, some of whom cancel.
import { sleep } from "../clock.mjs";
import { Channel } from "./channel.mjs";
import { Tally } from "./tally.mjs";

const workMs = 20;

export const neighbourAnswers = {
  /** Always as many calls at once; tells how many failed of those that nobody cancelled. */
  async share({ port, atOnce, cancelled, ms }) {
    const state = { running: true, tally: new Tally() };
    const channel = new Channel(port);
    await channel.connected();
    const loops = Array.from({ length: atOnce }, () => callAgain(channel, cancelled, state));
    await sleep(ms);
    state.running = false;
    await Promise.all(loops);
    await channel.close();
    return state.tally;
  },

  /** A gateway whose users leave so often, and others of its users who stay. */
  async gateway({ port, cancelsPerSecond, callsPerSecond, ms }) {
    const channel = new Channel(port);
    await channel.connected();
    const cancel = () => channel.call({ mode: "rest", number: 5 * workMs, cancelMs: workMs });
    const stay = () => channel.call({ mode: "rest", number: workMs });
    const [, stayed] = await Promise.all([
      repeatedly(cancelsPerSecond, ms, cancel),
      repeatedly(callsPerSecond, ms, stay),
    ]);
    await channel.close();
    const tally = new Tally();
    for (const outcome of stayed) tally.add(outcome);
    return tally;
  },
};

async function callAgain(channel, cancelled, state) {
  while (state.running) {
    const cancels = Math.random() < cancelled;
    const cancel = cancels ? { cancelMs: Math.random() * workMs } : {};
    const outcome = await channel.call({ mode: "rest", number: workMs, ...cancel });
    if (!cancels) state.tally.add(outcome);
    // A server that is gone must not be asked without a pause.
    if (outcome.status === null) await sleep(1);
  }
}

/** Calls at this rate, whether others have ended or not. */
async function repeatedly(perSecond, ms, call) {
  const calls = [];
  const start = performance.now();
  for (let passed = 0; passed < ms; passed = performance.now() - start) {
    while (calls.length < (passed / 1000) * perSecond) calls.push(call());
    await sleep(2);
  }
  return Promise.all(calls);
}
