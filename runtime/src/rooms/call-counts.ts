import { GrpcError } from "../error.ts";

/** How many calls each member has in rooms. */
export class CallCounts {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws GrpcError RESOURCE_EXHAUSTED when the member has as many calls as it may have */
  requireRoom(member: string): void {
    if (this.#of(member) < this.#most) return;
    throw new GrpcError("RESOURCE_EXHAUSTED", `you are in rooms with ${this.#most} calls`);
  }

  add(member: string): void {
    this.#counts.set(member, this.#of(member) + 1);
  }

  remove(member: string): void {
    const left = this.#of(member) - 1;
    if (left > 0) this.#counts.set(member, left);
    else this.#counts.delete(member);
  }

  #of(member: string): number {
    return this.#counts.get(member) ?? 0;
  }
}
