import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isWithin } from "../../scaffold/protos/sources/paths.ts";

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

/**
 * A list that is made again only after one of its files or folders has changed: to find what thousands of
 * protos import takes seconds.
 *
 * @param top the files of these folders are listed: a new one changes the folder that it is in
 */
export function listAfterChanges(list: ListFiles, top: readonly string[]): ListFiles {
  let files: readonly string[] = [];
  let watched: readonly string[] = [];
  let known: string | undefined;
  return async () => {
    if (known !== undefined && (await stateOfPaths(watched)) === known) return files;
    known = undefined;
    files = await list();
    watched = [...files, ...foldersOf(files, top)];
    known = await stateOfPaths(watched);
    return files;
  };
}

/** The folders of files, up to those that were given. */
function foldersOf(files: readonly string[], top: readonly string[]): Set<string> {
  const folders = new Set(top);
  for (const file of files) {
    for (let folder = dirname(file); !folders.has(folder); folder = dirname(folder)) {
      if (!top.some((each) => isWithin(each, folder))) break;
      folders.add(folder);
    }
  }
  return folders;
}

/** A text that differs when a file does. A list that cannot be made is one of its states. */
async function stateOf(list: ListFiles): Promise<string> {
  try {
    return await stateOfPaths(await list());
  } catch (error) {
    return String(error);
  }
}

async function stateOfPaths(paths: readonly string[]): Promise<string> {
  const states = paths.map(async (path) => {
    const { mtimeMs, size, ino } = await stat(path).catch(() => missing);
    return `${path} ${mtimeMs} ${size} ${ino}`;
  });
  return (await Promise.all(states)).join("\n");
}

const missing = { mtimeMs: 0, size: 0, ino: 0 };

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
