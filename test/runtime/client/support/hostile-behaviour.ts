import type { Behaviour, RawPeer } from "./raw-server.ts";

/** A reply of the echo service: field 1, "hi". */
export const reply = Buffer.from([10, 2, 104, 105]);

export interface Hostile extends Behaviour {
  /** What the calls of the four patterns must come to. */
  readonly expected: RegExp;
  /** For one reply (unary, client streaming) where it differs. */
  readonly expectedOfOne?: RegExp;
}

export const onCall = (
  expected: RegExp,
  answer: (peer: RawPeer) => void,
  expectedOfOne: RegExp = expected,
): Hostile => ({ expected, expectedOfOne, onCall: answer });

export const anyError = /^[A-Z_]+$/;
export const connectionLost = /^(UNAVAILABLE|INTERNAL)$/;

/** Right until the status, which is whatever is given. */
export const ending = (status: string) => (peer: RawPeer) => {
  peer.begin();
  peer.message(reply);
  peer.end(status);
};
