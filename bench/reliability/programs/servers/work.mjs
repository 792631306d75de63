// What handlers are busy with.
import { now, sleep } from "../clock.mjs";

/** Occupies the event loop. */
export function compute(ms) {
  for (const end = now() + ms; now() < end; );
}

const permits = 10;
let taken = 0;
const waiting = [];

/** Holds one of few permits, as of a pool of connections to a database. */
export async function holdPermit(ms) {
  if (taken < permits) taken += 1;
  else await new Promise((resolve) => waiting.push(resolve));
  await sleep(ms);
  const next = waiting.shift();
  if (next === undefined) taken -= 1;
  else next();
}

/** Almost the 4 MB that a message may have. */
export const largeReply = () => ({ payload: Buffer.alloc(4 * 1024 ** 2 - 1024, 7) });
