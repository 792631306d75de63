import type { Writable } from "node:stream";

/**
 * Counts what is written to a stream from now on. Who sends many messages writes the next ones when
 * the stream has taken the last: each write is progress, even if as much is left as before.
 */
export class WriteCount {
  count = 0;

  constructor(stream: Writable) {
    const write = stream.write;
    stream.write = (...parameters: unknown[]): boolean => {
      this.count += 1;
      return Reflect.apply(write, stream, parameters);
    };
  }
}
