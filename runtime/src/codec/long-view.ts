/** To create a view costs as much as it saves in shorter messages. */
const leastViewed = 160;

/** A view of a message, which reads several bytes at once. Undefined for a short one. */
export function longView(bytes: Buffer): DataView | undefined {
  return bytes.length < leastViewed
    ? undefined
    : new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
