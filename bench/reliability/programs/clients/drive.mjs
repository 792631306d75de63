// Drives a client of some stack.
import { now, sleep } from "../clock.mjs";
import { control } from "../control.mjs";

/**
 * @param connect makes a client with a connection of its own: `connect(address)`. It has
 *   `unary(mode, options)`, `stream(mode, options)` for all messages of a stream, and
 *   `readOne(pattern, mode)`, which opens a stream and takes a message at most. Options are
 *   `deadlineMs` and `waits`: for a connection, rather than fail.
 */
export function drive(connect) {
  let load;
  const kept = [];
  control(null, {
    /** One call; the code it ends with. */
    async call({ address, pattern, mode, deadlineMs }) {
      const client = connect(address);
      try {
        await client[pattern](mode, { deadlineMs });
        return { code: "OK" };
      } catch (error) {
        return { code: String(error?.code) };
      }
    },

    async readOne({ address, pattern, mode }) {
      const client = connect(address);
      kept.push(client);
      await client.readOne(pattern, mode);
    },

    startLoad({ address, clients, everyMs, deadlineMs, waits }) {
      load = { running: true, calls: [] };
      load.loops = Array.from({ length: clients }, () =>
        callUntilStopped(load, connect(address), { everyMs, deadlineMs, waits }),
      );
    },

    /** Settles when all calls have; returns the first success after a point in time. */
    async stopLoad({ since = 0 }) {
      load.running = false;
      await Promise.all(load.loops);
      const ended = await Promise.all(load.calls);
      const well = ended.filter(({ code, at }) => code === "OK" && at > since);
      const codes = ended.map(({ code }) => code).filter((code) => code !== "OK");
      return {
        calls: ended.length,
        failed: codes.length,
        codes: [...new Set(codes)],
        firstWellAt: well.length === 0 ? null : Math.min(...well.map(({ at }) => at)),
      };
    },
  });
}

/** Makes a call every so often, whether the last one has ended or not. */
async function callUntilStopped(load, client, { everyMs, deadlineMs, waits }) {
  // Not all clients at once.
  await sleep(Math.random() * everyMs);
  while (load.running) {
    load.calls.push(
      client.unary("echo", { deadlineMs, waits }).then(
        () => ({ code: "OK", at: now() }),
        (error) => ({ code: String(error?.code), at: now() }),
      ),
    );
    await sleep(everyMs);
  }
}

export const request = { text: "hello" };
