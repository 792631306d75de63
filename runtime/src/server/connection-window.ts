import type { Http2Session } from "node:http2";

/** HTTP/2's own window. */
const narrowBytes = 65_535;
/** Open calls above which each has a narrow window, and below which it is wide again. */
const narrowAbove = 64;
const wideBelow = 16;

/** Time for a peer to confirm a setting (RFC 9113, section 6.5.3), in milliseconds. */
const settingsTimeoutMs = 10_000;

/**
 * The window of the requests of a connection: wide for few calls, which makes uploads fast, and
 * narrow for many, since Node keeps for each of them what its window lets through.
 */
export class ConnectionWindow {
  readonly #session: Http2Session;
  readonly #wideBytes: number;
  readonly #onTimeout: () => void;
  #open = 0;
  #isNarrow = false;

  /** @param onTimeout called when the peer ignores a window */
  constructor(session: Http2Session, wideBytes: number, onTimeout: () => void) {
    this.#session = session;
    this.#wideBytes = wideBytes;
    this.#onTimeout = onTimeout;
  }

  opened(): void {
    this.#open += 1;
    if (!this.#isNarrow && this.#open > narrowAbove) this.#set(true);
  }

  closed(): void {
    this.#open -= 1;
    if (this.#isNarrow && this.#open < wideBelow) this.#set(false);
  }

  #set(isNarrow: boolean): void {
    const session = this.#session;
    if (this.#wideBytes <= narrowBytes || session.closed || session.destroyed) return;
    // The next call that comes or goes tries again.
    if (session.pendingSettingsAck) return;
    this.#isNarrow = isNarrow;
    const timer = setTimeout(this.#onTimeout, settingsTimeoutMs).unref();
    session.settings({ initialWindowSize: isNarrow ? narrowBytes : this.#wideBytes }, () =>
      clearTimeout(timer),
    );
    session.once("close", () => clearTimeout(timer));
  }
}
