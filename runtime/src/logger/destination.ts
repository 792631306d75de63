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
    const direct = pino.destination({ fd, sync: true });
    return new TurnLines((lines) => direct.write(last(lines)));
  }
  const destination = pino.destination({ fd, sync: false, maxLength: bufferBytes });
  let dropped = 0;
  destination.on("drop", () => {
    dropped += 1;
  });
  destination.on("drain", () => {
    if (dropped === 0) return;
    const line = { level: "warn", time: new Date().toISOString(), dropped, msg: "lines were lost" };
    dropped = 0;
    destination.write(`${JSON.stringify(line)}\n`);
  });
  process.on("exit", () => destination.flushSync());
  return { write: (line) => destination.write(last(line)) };
}
