import type { Identity } from "../identity.ts";

/** By so much a withdrawn key takes effect later. */
const maxAgeMs = 60_000;
const maxEntries = 1000;

/**
 * Caches the identities of verified tokens. Callers send the same token with every call, and verifying a
 * signature costs more than all other interceptors together.
 */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();
  /** Found last. To compare two texts takes less time than to look one up. */
  #last: Entry | undefined;

  get(token: string, now: Date): Identity | undefined {
    const entry = this.#last?.token === token ? this.#last : this.#entries.get(token);
    this.#last = entry;
    return entry !== undefined && now.getTime() < entry.until ? entry.identity : undefined;
  }

  /** @param expiry of the token, in milliseconds since 1970 */
  add(token: string, identity: Identity, expiry: number, now: Date): void {
    const until = Math.min(expiry, now.getTime() + maxAgeMs);
    // A Map keeps insertion order: this makes the entry the newest.
    this.#entries.delete(token);
    this.#entries.set(token, { token, identity, until });
    this.#last = undefined;
    if (this.#entries.size <= maxEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

interface Entry {
  readonly token: string;
  readonly identity: Identity;
  /** Milliseconds since 1970. */
  readonly until: number;
}
