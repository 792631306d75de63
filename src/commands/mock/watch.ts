import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Lists absolute paths. */
export type ListFiles = () => Promise<readonly string[]>;

/** Shortest time between two looks at the files. */
const pauseMs = 250;

/**
 * Calls back when files change, appear or vanish, once they have been quiet for a look. It looks at their
 * times and sizes: that works on every file system, and for editors that replace files.
 *
 * @returns when the signal aborts
 */
export async function watchFiles(
  list: ListFiles,
  onChange: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let known = await stateOf(list);
  let previous = known;
  while (!signal.aborted) {
    const started = performance.now();
    const current = await stateOf(list);
    if (current !== known && current === previous) {
      known = current;
      await onChange();
    }
    previous = current;
    // Many files take longer, and are looked at less often.
    await pause(Math.max(pauseMs, 10 * (performance.now() - started)), signal);
  }
}

/** A text that differs when a file does. A list that cannot be made is one of its states. */
async function stateOf(list: ListFiles): Promise<string> {
  try {
    const states = (await list()).map(async (path) => {
      const { mtimeMs, size, ino } = await stat(path).catch(() => missing);
      return `${path} ${mtimeMs} ${size} ${ino}`;
    });
    return (await Promise.all(states)).join("\n");
  } catch (error) {
    return String(error);
  }
}

const missing = { mtimeMs: 0, size: 0, ino: 0 };

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
