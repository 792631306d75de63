// Drives a client of some stack.
import { now, sleep } from "../clock.mjs";
import { control } from "../control.mjs";

/**
 * @param connect makes a client with a connection of its own: `connect(address)`. It has
 *   `unary(mode, options)`, `stream(mode, options)` for all messages of a stream, and
 *   `readOne(pattern, mode)`, which opens a stream and takes a message at most, and `rest(pattern,
 *   message)`, which calls the handler `rest` and counts the replies. Options are `deadlineMs` and
 *   `waits`: for a connection, rather than fail. With `connect(address, { pingMs })` it pings the
 *   server that often, and repeats no call.
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

    /** Calls of all patterns at once; tells how many did not end with OK and all messages. */
    async rest({ address, pingMs, each, ms }) {
      const client = connect(address, { pingMs });
      const message = { ...request, number: ms };
      const calls = Object.entries(replies).flatMap(([pattern, expected]) =>
        Array.from({ length: each }, () =>
          client.rest(pattern, message).then(
            (received) => received === expected,
            () => false,
          ),
        ),
      );
      return { lost: (await Promise.all(calls)).filter((well) => !well).length };
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

/** Responses of the handler `rest`. */
const replies = { unary: 1, "server streaming": 2, "client streaming": 1, bidi: 2 };

/** How long a client waits for the answer to a ping. */
export const pingTimeoutMs = 10_000;

/** Options of grpc-js for a client that pings. */
export const pinging = (pingMs) =>
  pingMs === undefined
    ? {}
    : {
        "grpc.keepalive_time_ms": pingMs,
        "grpc.keepalive_timeout_ms": pingTimeoutMs,
        "grpc.enable_retries": 0,
      };

export const request = { text: "hello" };
