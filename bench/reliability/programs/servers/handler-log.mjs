// Which handlers have started, were notified to stop, and have ended.
import { now } from "../clock.mjs";

const handlers = new Map();

/** @returns what the handler tells of itself */
export function enter(id) {
  const entry = { notified: null, ended: null };
  handlers.set(id, entry);
  return {
    notified() {
      entry.notified ??= now();
    },
    ended() {
      entry.ended ??= now();
    },
  };
}

/** Slow calls that have reached their handlers. */
let slow = 0;

export function enterSlow() {
  slow += 1;
}

export const logAnswers = {
  slow: () => slow,

  /** Times of the handler of one call. */
  handler: ({ id }) => handlers.get(id) ?? null,
};
