import type { DestinationStream } from "pino";

/** pino's number of the level `info`. */
const info = 30;
/** Written at once, so that a turn that logs without end takes bounded memory. */
const mostCharacters = 64 * 1024;

/** Those that have lines to write. */
const pending = new Set<TurnLines>();
let isWatching = false;

/** A process that ends in the middle of a turn writes its lines first. */
function watchExit(): void {
  if (isWatching) return;
  isWatching = true;
  process.on("exit", () => {
    for (const lines of pending) lines.flush();
  });
}

/** Makes pino set `lastLevel`. */
const wantsLevel = { [Symbol.for("pino.metadata")]: true };

/**
 * Writes the lines of one turn of the event loop together: a write costs as much as making the line.
 * Lines of any level but `info` are written at once, after those before them: they are read when
 * something is wrong, and then a turn may not end.
 */
export class TurnLines implements DestinationStream {
  lastLevel: number = info;
  readonly #write: (lines: string) => void;
  #lines = "";

  /** @param write writes before it returns */
  constructor(write: (lines: string) => void) {
    this.#write = write;
    Object.assign(this, wantsLevel);
    watchExit();
  }

  write(line: string): void {
    const isFirst = this.#lines === "";
    this.#lines += line;
    if (this.lastLevel !== info || this.#lines.length > mostCharacters) {
      this.flush();
    } else if (isFirst) {
      pending.add(this);
      setImmediate(() => this.flush());
    }
  }

  /** @param onFlushed called when there is nothing left to write: pino passes that of `flush` */
  flush(onFlushed?: () => void): void {
    pending.delete(this);
    const lines = this.#lines;
    this.#lines = "";
    if (lines !== "") this.#write(lines);
    onFlushed?.();
  }
}
