import { GrpcError } from "../error.ts";
import { errorDetail, QuotaFailureSchema } from "../error-details.ts";

/** Counts the bytes of a store. */
export class Quota {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Counts bytes before they are written. @throws GrpcError RESOURCE_EXHAUSTED */
  take(bytes: number): void {
    this.requireRoom(bytes);
    this.#used += bytes;
  }

  /** @throws GrpcError RESOURCE_EXHAUSTED when there is no room for the bytes at the moment */
  requireRoom(bytes: number): void {
    if (this.#used + bytes > this.#limit)
      throw exhausted("bytes", "all files together", this.#limit);
  }

  /** Counts what is there already, even beyond the limit. */
  add(bytes: number): void {
    this.#used += bytes;
  }

  giveBack(bytes: number): void {
    this.#used -= bytes;
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
