import { type DestinationStream, pino } from "pino";

/**
 * Standard output. Without a buffer, each line is written before the call goes on: none is lost, and a
 * reader that stalls stalls the server. With a buffer, the server goes on; once the buffer is full,
 * lines are dropped, and their number is written when there is room again. A process that is killed
 * loses what is in the buffer.
 *
 * @param bufferBytes 0 means no buffer
 * @param fd file descriptor
 */
export function logDestination(bufferBytes: number, fd: number = 1): DestinationStream {
  if (bufferBytes === 0) return pino.destination({ fd, sync: true });
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
  return destination;
}
