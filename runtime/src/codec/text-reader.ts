import { decodeHere, longestHere } from "./decode-here.ts";
import { decodeLatin1, decodeUtf8 } from "./native-text.ts";
import { leave } from "./slow-path.ts";

/** Up to this length, a call into native code is slower than a call of `String.fromCharCode`. */
const longestList = 16;

/** Up to this length, all bytes are looked at; of longer texts only the first ones. */
const longestLoop = 64;
const firstBytes = 8;

/** Bytes that are decoded at once. Texts that are cut from them keep all of them in memory. */
const windowBytes = 256;

/** A window is opened only if so many bytes follow the text: other texts may be among them. */
const leastAhead = 16;

/** The first text of a message with more bytes than this opens none: it may be the only one. */
const shortMessage = 2 * windowBytes;

/** Per length, a list for the codes of a short text: it is used again and again. */
const lists = Array.from({ length: longestList + 1 }, (_, length) => {
  return Array.from({ length }, () => 0);
});

/** To create a view costs more than it saves in shorter messages. */
const leastViewed = 2048;

const nothing = Buffer.alloc(0);
const replacement = "\ufffd";
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes the texts of a message. Those in ASCII are cut from a window, which is decoded at once: that is
 * faster than a call into native code for each.
 */
export class TextReader {
  #buffer: Buffer = nothing;
  /** Of a long message with several texts: it reads four bytes at once. */
  #view: DataView | undefined;
  #window = "";
  /** Positions of the window. */
  #start = 0;
  #end = 0;
  /** Whether a text was read without a window. */
  #hasFirst = false;

  /** Starts with the bytes of another message. */
  start(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = undefined;
    this.#end = 0;
    this.#hasFirst = buffer.length <= shortMessage;
  }

  /** Text in UTF-8; what is not UTF-8 is left to protobuf-es. */
  read(start: number, end: number): string {
    const text = this.#fast(start, end);
    if (text !== undefined) return text;
    const decoded = decodeUtf8(this.#buffer, start, end);
    // It stands for bytes that are not UTF-8, or for itself.
    return decoded.includes(replacement) ? checked(this.#buffer.subarray(start, end)) : decoded;
  }

  /** The same, with U+FFFD for what is not UTF-8. */
  readLenient(start: number, end: number): string {
    const text = this.#fast(start, end);
    if (text !== undefined) return text;
    const decoded = decodeUtf8(this.#buffer, start, end);
    return decoded.includes(replacement)
      ? lenient.decode(this.#buffer.subarray(start, end))
      : decoded;
  }

  /** Undefined if it is not UTF-8, or decoded faster in native code. */
  #fast(start: number, end: number): string | undefined {
    const buffer = this.#buffer;
    const isLong = end - start > longestLoop;
    if (isAscii(buffer, this.#view, start, isLong ? start + firstBytes : end)) {
      return isLong ? undefined : this.#ascii(start, end);
    }
    return end - start > longestHere ? undefined : decodeHere(buffer, start, end);
  }

  #ascii(start: number, end: number): string {
    const buffer = this.#buffer;
    if (start < this.#start || end > this.#end) {
      if (buffer.length - end < leastAhead || !this.#hasFirst) {
        this.#hasFirst = true;
        return alone(buffer, start, end);
      }
      if (this.#view === undefined && buffer.length >= leastViewed) {
        this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
      }
      this.#start = start;
      this.#end = Math.min(start + windowBytes, buffer.length);
      this.#window = decodeLatin1(buffer, start, this.#end);
    }
    return this.#window.substring(start - this.#start, end - this.#start);
  }
}

function isAscii(buffer: Buffer, view: DataView | undefined, start: number, end: number): boolean {
  if (view === undefined || end - start < 4) {
    for (let i = start; i < end; i++) if ((buffer[i] as number) > 0x7f) return false;
    return true;
  }
  // Four bytes at a time; the last ones may overlap.
  let bits = view.getInt32(end - 4, true);
  for (let i = start; i < end - 4; i += 4) bits |= view.getInt32(i, true);
  return (bits & 0x80808080) === 0;
}

/** ASCII without a window. */
function alone(buffer: Buffer, start: number, end: number): string {
  const codes = lists[end - start];
  if (codes === undefined) return decodeLatin1(buffer, start, end);
  for (let i = start; i < end; i++) codes[i - start] = buffer[i] as number;
  return String.fromCharCode.apply(String, codes);
}

function checked(bytes: Buffer): string {
  try {
    return strict.decode(bytes);
  } catch {
    return leave();
  }
}
