import { UsageError } from "../../../terminal/errors.ts";

/** JSON of one request that is kept at most. */
const maxBytes = 256 * 1024 * 1024;

const quote = 0x22;
const backslash = 0x5c;
const openers: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const closers: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const byteOrderMark = [0xef, 0xbb, 0xbf];
/** Space, tab, line feed, carriage return, and the record separator of RFC 7464. */
const spaces: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x1e]);

/** One JSON value of a stream. */
export interface JsonValue {
  readonly text: string;
  /** Line on which it starts, from 1. */
  readonly line: number;
}

/**
 * Cuts a stream of bytes into the JSON values that it consists of, as soon as each is complete. Values
 * follow each other with or without white space, and may have several lines.
 *
 * @param origin for messages
 * @throws UsageError when the text is not UTF-8, or one value is too large
 */
export async function* jsonValues(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  origin: string,
): AsyncGenerator<JsonValue, void, undefined> {
  const cutter = new Cutter(origin);
  for await (const chunk of source) yield* cutter.cut(chunk);
  yield* cutter.end();
}

class Cutter {
  readonly #origin: string;
  /** The beginning of a value whose end has not arrived. */
  #parts: Uint8Array[] = [];
  #size = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Whether a value has begun. */
  #started = false;
  #line = 1;
  #startLine = 1;
  /** Bytes of a byte order mark that have been skipped; 3 when it cannot come any more. Joined files have several. */
  #bomBytes = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  *cut(chunk: Uint8Array): Generator<JsonValue, void, undefined> {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0;
      if (byte === 0x0a) this.#line += 1;
      if (!this.#started) {
        if (spaces.has(byte) || this.#isBom(byte)) continue;
        this.#started = true;
        this.#startLine = this.#line;
        start = index;
      } else if (this.#depth === 0 && !this.#inString && this.#endsBefore(byte)) {
        yield this.#take(chunk.subarray(start, index));
        index -= 1;
        if (byte === 0x0a) this.#line -= 1;
        continue;
      }
      if (this.#endsWith(byte)) {
        yield this.#take(chunk.subarray(start, index + 1));
      }
    }
    if (this.#started) this.#keep(chunk.subarray(start));
  }

  *end(): Generator<JsonValue, void, undefined> {
    if (this.#started) yield this.#take(new Uint8Array());
  }

  /** Whether a byte belongs to a byte order mark, which editors and shells of Windows write. */
  #isBom(byte: number): boolean {
    if (byte === byteOrderMark[this.#bomBytes]) {
      this.#bomBytes += 1;
      return true;
    }
    this.#bomBytes = byteOrderMark.length;
    return false;
  }

  /** Whether a number or word ends before this byte. */
  #endsBefore(byte: number): boolean {
    return spaces.has(byte) || openers.has(byte) || byte === quote;
  }

  /** Whether an object, list or text ends with this byte. */
  #endsWith(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) {
        this.#inString = false;
        return this.#depth === 0;
      }
      return false;
    }
    if (byte === quote) this.#inString = true;
    else if (openers.has(byte)) this.#depth += 1;
    else if (closers.has(byte)) {
      this.#depth -= 1;
      return this.#depth <= 0;
    }
    return false;
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > maxBytes) {
      throw new UsageError(
        `${this.#origin}: the request in line ${this.#startLine} has more than ${maxBytes / 1024 ** 2} MiB`,
      );
    }
    this.#parts.push(part);
  }

  #take(last: Uint8Array): JsonValue {
    this.#keep(last);
    const bytes = this.#parts.length === 1 ? last : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#started = false;
    this.#bomBytes = 0;
    return { text: decode(bytes, this.#origin), line: this.#startLine };
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array, origin: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new UsageError(`${origin} is not UTF-8`);
  }
}
