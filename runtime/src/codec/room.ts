/**
 * Bytes that are free whenever a field is written. A field of a fixed size needs no check then: only one in
 * this many bytes, which generated code adds. What varies in size leaves as many behind it. A byte beyond the
 * end would be ignored, but V8 writes slower ever after.
 */
export const room = 1024;

/** Thrown when a message needs more memory than it is written to. */
export const full: unknown = Object.freeze({ reason: "more memory is needed" });

/** Throws unless there is room for `size` bytes from `pos`, and for fields behind them. */
export function reserve(bytes: Uint8Array, pos: number, size: number): void {
  if (pos + size + room > bytes.length) throw full;
}
