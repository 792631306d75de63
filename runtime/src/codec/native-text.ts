/**
 * Decodes UTF-8. Node's buffers have a faster method than `toString`, which database drivers and protobuf
 * libraries use too, but Node does not document it.
 */
export const decodeText: (buffer: Buffer, start: number, end: number) => string = hasSlice(
  Buffer.prototype,
)
  ? (buffer, start, end) => (buffer as NativeBuffer).utf8Slice(start, end)
  : (buffer, start, end) => buffer.toString("utf8", start, end);

type NativeBuffer = Buffer & { utf8Slice(start: number, end: number): string };

function hasSlice(buffer: object): boolean {
  return "utf8Slice" in buffer && typeof buffer.utf8Slice === "function";
}
