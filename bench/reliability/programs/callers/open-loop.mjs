// Many callers who do not know of each other: they do not call less when the server is slow.
import { sleep } from "../clock.mjs";
import { Channel } from "./channel.mjs";

/** The first part of the calls is not counted. */
const warmUp = 0.3;

export const openLoopAnswers = {
  /** What the server can do: how many calls end a second when there are always as many at once. */
  async capacity({ port, connections, atOnce, ms, mode, number }) {
    const channels = Array.from({ length: connections }, () => new Channel(port));
    const end = performance.now() + ms;
    let ended = 0;
    const callAgain = async (_, index) => {
      while (performance.now() < end) {
        const { status } = await channels[index % connections].call({ mode, number });
        if (status === "0") ended += 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, callAgain));
    await Promise.all(channels.map((channel) => channel.close()));
    return ended / (ms / 1000);
  },

  /** Calls for a time; tells how many a second ended well, and the 99th percentile of their times. */
  async offer({ port, connections, perSecond, ms, mode, number, timeoutMs }) {
    const channels = Array.from({ length: connections }, () => new Channel(port));
    await Promise.all(channels.map((channel) => channel.connected()));
    const calls = [];
    const start = performance.now();
    for (const at of arrivals(perSecond, ms)) {
      const early = at - (performance.now() - start);
      if (early > 0) await sleep(early);
      const channel = channels[calls.length % connections];
      const call = channel.call({ mode, number, timeoutMs });
      calls.push(call.then((outcome) => ({ ...outcome, counts: at > warmUp * ms })));
    }
    const counted = (await Promise.all(calls)).filter(({ counts }) => counts);
    await Promise.all(channels.map((channel) => channel.close()));
    const times = counted.filter(({ status }) => status === "0").map((call) => call.ms);
    times.sort((a, b) => a - b);
    const goodput = times.length / ((1 - warmUp) * (ms / 1000));
    return { goodput, p99Ms: times[Math.floor(times.length * 0.99)] ?? null };
  },
};

/** Times of calls that are independent of each other; the same in every run. */
function* arrivals(perSecond, ms) {
  let seed = 20_261_129;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const next = () => (-Math.log(random()) * 1000) / perSecond;
  for (let at = next(); at < ms; at += next()) yield at;
}
