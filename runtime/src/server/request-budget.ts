import type { ServerLimits } from "./limits.ts";
import { perConnection } from "./per-connection.ts";

/** Memory for a request of which only a part has arrived. */
export interface Reservation {
  readonly isGranted: boolean;
  /** To be called once, when the request is complete or its call is over. */
  release(): void;
}

/** Counts reserved bytes up to a maximum. One request always fits, whatever its size. */
class Share {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.#maxBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }
}

/**
 * The memory of a server for unfinished requests. Who is granted a reservation can receive all of
 * the request; others wait, and their bytes stay in HTTP/2's windows.
 */
export class RequestBudget {
  readonly #whole: Share;
  readonly #shareOf: (connection: object) => Share;
  readonly #waiting = new Set<Claim>();

  constructor(limits: ServerLimits) {
    this.#whole = new Share(limits.maxBufferedBytes);
    this.#shareOf = perConnection(() => new Share(limits.maxBufferedBytesPerConnection));
  }

  /**
   * @param connection a key
   * @param onGranted called if it is granted later
   */
  reserve(connection: object, bytes: number, onGranted: () => void): Reservation {
    const claim = new Claim(bytes, this.#shareOf(connection), onGranted, () =>
      this.#release(claim),
    );
    if (!this.#grant(claim)) this.#waiting.add(claim);
    return claim;
  }

  #grant(claim: Claim): boolean {
    const { bytes, share } = claim;
    if (!share.hasRoomFor(bytes) || !this.#whole.hasRoomFor(bytes)) return false;
    share.add(bytes);
    this.#whole.add(bytes);
    claim.isGranted = true;
    return true;
  }

  #release(claim: Claim): void {
    this.#waiting.delete(claim);
    if (!claim.isGranted) return;
    claim.share.add(-claim.bytes);
    this.#whole.add(-claim.bytes);
    for (const waiting of this.#waiting) {
      if (!this.#grant(waiting)) continue;
      this.#waiting.delete(waiting);
      waiting.onGranted();
    }
  }
}

class Claim implements Reservation {
  readonly bytes: number;
  readonly share: Share;
  readonly onGranted: () => void;
  readonly release: () => void;
  isGranted = false;

  constructor(bytes: number, share: Share, onGranted: () => void, release: () => void) {
    this.bytes = bytes;
    this.share = share;
    this.onGranted = onGranted;
    this.release = release;
  }
}
