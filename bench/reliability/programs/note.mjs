// Requests and methods of `probe.proto`, by hand.
import { frame } from "./framing.mjs";

export const paths = {
  unary: "/bench.Probe/Unary",
  "server streaming": "/bench.Probe/ServerStreaming",
  "client streaming": "/bench.Probe/ClientStreaming",
  bidi: "/bench.Probe/Bidi",
};

/** A request with its `number` below 2^21, in front of it its length. */
export function note(number = 0) {
  return frame(
    Buffer.of(0x10, (number & 0x7f) | 0x80, ((number >> 7) & 0x7f) | 0x80, number >> 14),
  );
}

/** A request of almost 4 MB. */
export function largeNote() {
  const payload = Buffer.alloc(4 * 1024 ** 2 - 1024, 7);
  const { length } = payload;
  const size = [length | 0x80, (length >> 7) | 0x80, (length >> 14) | 0x80, length >> 21];
  return frame(Buffer.concat([Buffer.of(0x1a, ...size), payload]));
}
