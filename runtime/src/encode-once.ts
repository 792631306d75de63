import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { Codec } from "./method.ts";

/** The encodings of marked messages; `null` until one is sent. */
const encodings = new WeakMap<Message, Buffer | null>();
/** So that programs that mark no message do not look for one. */
let isUsed = false;

/**
 * Marks a response that goes to many callers: a server encodes it once. It must not be changed from then on.
 *
 * @returns the message
 *
 * @example
 * ```ts
 * const news = encodeOnce(create(NewsSchema, { text }));
 * // In the handler of each caller:
 * yield news;
 * ```
 */
export function encodeOnce<M extends Message>(message: M): M {
  isUsed = true;
  if (!encodings.has(message)) encodings.set(message, null);
  return message;
}

/** Encodes a message, unless it is marked and was encoded before. */
export function encodeShared(codec: Codec<DescMessage>, message: Message): Buffer {
  const known = isUsed ? encodings.get(message) : undefined;
  if (known === undefined) return codec.encode(message);
  if (known !== null) return known;
  const bytes = codec.encode(message);
  // A codec may return a part of a larger buffer, which would be kept as well.
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  encodings.set(message, own);
  return own;
}
