import type { MessageLike } from "./message-like.ts";
import { reserve } from "./room.ts";
import { leave } from "./slow-path.ts";
import { tag } from "./write-varint.ts";

/**
 * Writes the unknown fields of a message, after all others, and returns the position after them. A plain
 * object has none.
 *
 * @param typeName the type that the message must have
 */
export function unknown(
  bytes: Buffer,
  pos: number,
  message: MessageLike,
  typeName: string,
): number {
  if (message.$typeName === undefined) return pos;
  if (message.$typeName !== typeName) leave();
  if (message.$unknown === undefined) return pos;
  let at = pos;
  for (const { no, wireType, data } of message.$unknown) {
    at = tag(bytes, at, ((no << 3) | wireType) >>> 0);
    reserve(bytes, at, data.length);
    bytes.set(data, at);
    at += data.length;
  }
  return at;
}
