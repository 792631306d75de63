import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";

/** Times of a key set, in milliseconds. */
export interface KeySetTimes {
  /** The keys are fetched anew after this time, in the background. */
  readonly refreshMs: number;
  /** Keys that cannot be fetched anew are used for this time. */
  readonly maxStaleMs: number;
  /** Time between two attempts to fetch the keys. */
  readonly cooldownMs: number;
  readonly timeoutMs: number;
}

const usualTimes: KeySetTimes = {
  refreshMs: 5 * 60_000,
  maxStaleMs: 60 * 60_000,
  cooldownMs: 30_000,
  timeoutMs: 5_000,
};

/** More than any provider has. */
const maxBytes = 1024 * 1024;

/**
 * The public keys of an identity provider (JWKS), fetched on first use and then every five minutes, as
 * long as tokens are verified. So a provider that is slow or away does not hold up tokens whose key is
 * known. A withdrawn key is accepted for five minutes; for an hour while the provider cannot be
 * reached.
 *
 * A token with an unknown key, or without a key id and of none of the keys, makes it fetch the keys at once, but
 * no more than every 30 seconds: anybody can send such tokens. There is one request at a time.
 */
export class KeySet {
  readonly #url: URL;
  readonly #times: KeySetTimes;
  #keys: JWTVerifyGetKey | undefined;
  #fetchedMs = 0;
  #triedMs = Number.NEGATIVE_INFINITY;
  #fetching: Promise<JWTVerifyGetKey> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isUsed = false;
  /** Nobody has asked for a while, so that the keys may be older than usual. */
  #hasRested = false;

  constructor(url: URL, times: KeySetTimes = usualTimes) {
    this.#url = url;
    this.#times = times;
  }

  /**
   * The key of a token.
   *
   * @throws JOSEError when no key fits, any other error when the keys cannot be fetched.
   */
  readonly key: JWTVerifyGetKey = async (header, token) => {
    this.#use();
    const keys = await this.#known();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const fetched = await this.fetchAnew();
      if (fetched === undefined) throw error;
      return await fetched(header, token);
    }
  };

  /** Fetches the keys for a token that may have a new one. Undefined: not now, the last time is too recent. */
  async fetchAnew(): Promise<JWTVerifyGetKey | undefined> {
    const isDue = performance.now() - this.#triedMs >= this.#times.cooldownMs;
    return isDue ? await this.#fetch() : undefined;
  }

  /** Keys that are fresh enough. */
  async #known(): Promise<JWTVerifyGetKey> {
    const { maxStaleMs } = this.#times;
    if (this.#hasRested) {
      this.#hasRested = false;
      await this.#fetch().catch(() => {});
    }
    if (this.#keys !== undefined && this.#ageMs <= maxStaleMs) return this.#keys;
    return await this.#fetch();
  }

  get #ageMs(): number {
    return performance.now() - this.#fetchedMs;
  }

  #use(): void {
    const { refreshMs } = this.#times;
    this.#isUsed = true;
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#refresh(), refreshMs).unref();
    this.#hasRested = this.#keys !== undefined && this.#ageMs > refreshMs;
  }

  #refresh(): void {
    if (this.#isUsed) {
      this.#isUsed = false;
      this.#fetch().catch(() => {});
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #fetch(): Promise<JWTVerifyGetKey> {
    this.#fetching ??= this.#request().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #request(): Promise<JWTVerifyGetKey> {
    this.#triedMs = performance.now();
    const keys = createLocalJWKSet(await fetchKeys(this.#url, this.#times.timeoutMs));
    this.#keys = keys;
    this.#fetchedMs = performance.now();
    return keys;
  }
}

async function fetchKeys(url: URL, timeoutMs: number): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: "application/jwk-set+json, application/json" },
  });
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  const text = await limitedText(response);
  // `createLocalJWKSet` checks it.
  return JSON.parse(text);
}

async function limitedText({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) throw new Error(`the key set has more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
