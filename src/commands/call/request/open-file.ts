import { constants, createReadStream, openSync, statSync } from "node:fs";
import { Socket } from "node:net";
import { addAbortSignal, type Readable } from "node:stream";

/**
 * Opens a file for reading. A named pipe without a writer is opened all the same, and waited for by the event
 * loop: a thread that waits in `open` cannot be interrupted, and keeps the process from ending.
 *
 * @param signal ends it
 * @throws the error of the system
 */
export function openFile(path: string, signal: AbortSignal, chunkBytes?: number): Readable {
  if (!statSync(path).isFIFO()) {
    const size = chunkBytes === undefined ? {} : { highWaterMark: chunkBytes };
    return addAbortSignal(signal, createReadStream(path, size));
  }
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return addAbortSignal(signal, new Socket({ fd, readable: true, writable: false }));
}
