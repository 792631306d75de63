// Drives a client of some stack and counts.
import { control } from "../control.mjs";

const messagesOfAStream = 10_000;

/**
 * @param unary makes a call and reports its end: `unary(done, fail)`
 * @param stream receives a stream and answers a promise for the number of its messages
 */
export function drive({ unary, stream }) {
  control(null, {
    unary: ({ inFlight, ms }) => measured(() => unaryFor(unary, inFlight, ms)),
    stream: ({ ms }) => measured(() => streamFor(stream, ms)),
  });
}

/** Calls, or messages, and what they took. */
async function measured(work) {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const count = await work();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { count, ms: performance.now() - start, cpuUs: user + system };
}

function unaryFor(unary, inFlight, ms) {
  const end = performance.now() + ms;
  return new Promise((resolve, reject) => {
    let running = inFlight;
    let count = 0;
    const next = () => {
      count += 1;
      if (performance.now() < end) return void unary(next, reject);
      running -= 1;
      if (running === 0) resolve(count);
    };
    for (let started = 0; started < inFlight; started += 1) unary(next, reject);
  });
}

async function streamFor(stream, ms) {
  const end = performance.now() + ms;
  let count = 0;
  while (performance.now() < end) {
    const received = await stream(messagesOfAStream);
    if (received !== messagesOfAStream) throw new Error(`received ${received} messages`);
    count += received;
  }
  return count;
}

/** The name in a reply, so that nobody is lazy about decoding. */
export function check(user) {
  if (user.name !== "Ada Lovelace") throw new Error(`a reply without its name: ${user.name}`);
}

export const address = `127.0.0.1:${process.argv[2]}`;
