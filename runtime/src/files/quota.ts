import { GrpcError } from "../error.ts";
import { errorDetail, QuotaFailureSchema } from "../error-details.ts";

/** Bytes that a store may keep. */
export interface QuotaLimits {
  /** Of all owners together. */
  readonly quotaBytes: number;
  readonly maxBytesPerOwner: number;
}

/** Counts the bytes of a store, all together and of each owner. */
export class Quota {
  readonly #limits: QuotaLimits;
  #used = 0;
  /** Of those who have any: as many as there are folders of owners. */
  readonly #usedByOwner = new Map<string, number>();

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
  }

  get used(): number {
    return this.#used;
  }

  /** @param ownerKey the name of the folder of an owner */
  shareOf(ownerKey: string): QuotaShare {
    return new QuotaShare(this, ownerKey);
  }

  /** @throws GrpcError RESOURCE_EXHAUSTED when there is no room for the bytes of an owner at the moment */
  requireRoom(ownerKey: string, bytes: number): void {
    const { quotaBytes, maxBytesPerOwner } = this.#limits;
    const used = this.#usedByOwner.get(ownerKey) ?? 0;
    // First: whether others fill the store is not their business.
    if (used + bytes > maxBytesPerOwner) throw exhausted("bytes", "a caller", maxBytesPerOwner);
    if (this.#used + bytes > quotaBytes) throw exhausted("bytes", "all files together", quotaBytes);
  }

  /** Counts bytes, even beyond a limit. Negative: they are gone. */
  add(ownerKey: string, bytes: number): void {
    this.#used += bytes;
    const used = (this.#usedByOwner.get(ownerKey) ?? 0) + bytes;
    if (used === 0) this.#usedByOwner.delete(ownerKey);
    else this.#usedByOwner.set(ownerKey, used);
  }
}

/** What an owner may add to a store. */
export class QuotaShare {
  readonly #quota: Quota;
  readonly #ownerKey: string;

  constructor(quota: Quota, ownerKey: string) {
    this.#quota = quota;
    this.#ownerKey = ownerKey;
  }

  /** Counts bytes before they are written. @throws GrpcError RESOURCE_EXHAUSTED */
  take(bytes: number): void {
    this.requireRoom(bytes);
    this.add(bytes);
  }

  /** @throws GrpcError RESOURCE_EXHAUSTED when there is no room for the bytes at the moment */
  requireRoom(bytes: number): void {
    this.#quota.requireRoom(this.#ownerKey, bytes);
  }

  /** Counts what is there already. */
  add(bytes: number): void {
    this.#quota.add(this.#ownerKey, bytes);
  }

  giveBack(bytes: number): void {
    this.#quota.add(this.#ownerKey, -bytes);
  }
}

/** @param of what the limit is for, such as "a file" */
export function exhausted(unit: string, of: string, limit: number): GrpcError {
  const description = `${of} may have at most ${limit} ${unit}`;
  const violations = [{ subject: of, description }];
  return new GrpcError("RESOURCE_EXHAUSTED", description, {
    details: [errorDetail(QuotaFailureSchema, { violations })],
  });
}
