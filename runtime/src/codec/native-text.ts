// Node's buffers have faster methods than `toString` and `write`, which database drivers and protobuf
// libraries use too, but Node does not document them.

/** Decodes bytes from `start` to `end`. */
export type Decode = (buffer: Buffer, start: number, end: number) => string;

interface NativeBuffer {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
  ucs2Slice(start: number, end: number): string;
  utf8Write(text: string, start: number): number;
}

const native = isNative(Buffer.prototype);

export const decodeUtf8: Decode = native
  ? (buffer, start, end) => (buffer as Buffer & NativeBuffer).utf8Slice(start, end)
  : (buffer, start, end) => buffer.toString("utf8", start, end);

/** One character for each byte. */
export const decodeLatin1: Decode = native
  ? (buffer, start, end) => (buffer as Buffer & NativeBuffer).latin1Slice(start, end)
  : (buffer, start, end) => buffer.toString("latin1", start, end);

/** Two bytes for each unit of a text, the lower one first. */
export const decodeUtf16: Decode = native
  ? (buffer, start, end) => (buffer as Buffer & NativeBuffer).ucs2Slice(start, end)
  : (buffer, start, end) => buffer.toString("utf16le", start, end);

/** Writes a text from `start` and returns how many bytes it takes. */
export const encodeUtf8: (buffer: Buffer, text: string, start: number) => number = native
  ? (buffer, text, start) => (buffer as Buffer & NativeBuffer).utf8Write(text, start)
  : (buffer, text, start) => buffer.write(text, start);

function isNative(buffer: object): boolean {
  const names = ["utf8Slice", "latin1Slice", "ucs2Slice", "utf8Write"];
  return names.every((name) => typeof Reflect.get(buffer, name) === "function");
}
