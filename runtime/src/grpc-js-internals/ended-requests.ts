import type { Readable } from "node:stream";

/**
 * Whether a stream has nothing to read any more, although it has not said so by an event yet.
 *
 * Reads the private field `_readableState.ended` of Node's streams. Fall-back without it: false, and the
 * caller waits for the event.
 */
export function hasEnded(stream: Readable): boolean {
  if (stream.readableEnded) return true;
  const { _readableState: state } = stream as WithState;
  return state?.ended === true && stream.readableLength === 0;
}

interface WithState extends Readable {
  readonly _readableState?: { readonly ended?: unknown };
}
