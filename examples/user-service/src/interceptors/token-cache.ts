import type { Identity } from "./auth.ts";

/** A key that is withdrawn is heeded after a minute at the latest. */
const maxAgeMs = 60_000;
const maxEntries = 1000;

/**
 * Remembers for a minute whose a good token is. Callers send the same one with every call, and to
 * verify a signature costs more than all the other layers together.
 */
export class TokenCache {
  readonly #entries = new Map<string, { identity: Identity; until: number }>();

  get(token: string, now: Date): Identity | undefined {
    const entry = this.#entries.get(token);
    return entry !== undefined && now.getTime() < entry.until ? entry.identity : undefined;
  }

  /** @param expiry of the token, in milliseconds since 1970 */
  add(token: string, identity: Identity, expiry: number, now: Date): void {
    const until = Math.min(expiry, now.getTime() + maxAgeMs);
    // A Map keeps the order in which keys were added: this makes it the youngest.
    this.#entries.delete(token);
    this.#entries.set(token, { identity, until });
    if (this.#entries.size <= maxEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
