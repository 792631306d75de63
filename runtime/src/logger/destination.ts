import { type DestinationStream, pino } from "pino";
import { TurnLines } from "./turn-lines.ts";

/**
 * Standard output. Without a buffer, lines are written at the end of the turn of the event loop, and
 * warnings and errors at once: none is lost unless the process is killed, and a reader that stalls
 * stalls the server. With a buffer, the server goes on; once the buffer is full,
 * lines are dropped, and their number is written when there is room again. A process that is killed
 * loses what is in the buffer.
 *
 * @param bufferBytes 0 means no buffer
 * @param last changes what is written: one line, or several
 * @param fd file descriptor
 */
export function logDestination(
  bufferBytes: number,
  last: (lines: string) => string = (lines) => lines,
  fd: number = 1,
): DestinationStream {
  if (bufferBytes === 0) {
    const direct = pino.destination({ fd, sync: true, maxLength: keptBytes });
    surviveFailures(direct);
    return new TurnLines((lines) => direct.write(last(lines)));
  }
  const destination = pino.destination({ fd, sync: false, maxLength: bufferBytes });
  const hasFailed = surviveFailures(destination);
  // Before the listener of pino, which would try without end to write what cannot be written.
  process.prependListener("exit", () => {
    if (hasFailed()) destination.destroy();
    else destination.flushSync();
  });
  return { write: (line) => destination.write(last(line)) };
}

type Destination = ReturnType<typeof pino.destination>;

/** Bytes that are kept without a buffer while they cannot be written. */
const keptBytes = 16 * 1024 * 1024;

/**
 * Lets the process go on when lines cannot be written, for example because the disk is full: what does
 * not fit the buffer is dropped, and counted in a line once there is room again.
 *
 * @returns whether the last line could not be written
 */
function surviveFailures(destination: Destination): () => boolean {
  let dropped = 0;
  let hasFailed = false;
  destination.on("error", (error: Error) => {
    if (!hasFailed) process.emitWarning(`log lines cannot be written: ${error.message}`);
    hasFailed = true;
  });
  destination.on("write", () => {
    hasFailed = false;
  });
  destination.on("drop", () => {
    dropped += 1;
    if (dropped > 1) return;
    destination.once("drain", () => {
      const time = new Date().toISOString();
      const line = { level: "warn", time, dropped, msg: "lines were lost" };
      dropped = 0;
      destination.write(`${JSON.stringify(line)}\n`);
    });
  });
  return () => hasFailed;
}
