// Callers that share a connection, some of whom cancel.
import { sleep } from "../clock.mjs";
import { Channel } from "./channel.mjs";

const workMs = 20;

export const neighbourAnswers = {
  /** Always as many calls at once; tells how many failed of those that nobody cancelled. */
  async share({ port, atOnce, cancelled, ms }) {
    const count = { running: true, calls: 0, failed: 0 };
    const channel = new Channel(port);
    await channel.connected();
    const loops = Array.from({ length: atOnce }, () => callAgain(channel, cancelled, count));
    await sleep(ms);
    count.running = false;
    await Promise.all(loops);
    await channel.close();
    return { calls: count.calls, failed: count.failed };
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
    const failed = stayed.filter(({ status }) => status !== "0").length;
    return { calls: stayed.length, failed };
  },
};

async function callAgain(channel, cancelled, count) {
  while (count.running) {
    const cancels = Math.random() < cancelled;
    const cancel = cancels ? { cancelMs: Math.random() * workMs } : {};
    const { status } = await channel.call({ mode: "rest", number: workMs, ...cancel });
    if (!cancels) count.calls += 1;
    if (!cancels && status !== "0") count.failed += 1;
    // A server that is gone must not be asked without a pause.
    if (status === null) await sleep(1);
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
