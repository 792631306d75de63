/** What takes memory. */
interface Keeper {
  /** Bytes that it takes, about. */
  readonly bytes: number;
  /** Gives up a part. @returns whether there was one */
  shrink(): boolean;
}

/** Bounds what all rooms of a server keep, so that one caller in many rooms cannot fill its memory. */
export class RoomMemory {
  readonly #limit: number;
  readonly #rooms = new Map<Keeper, number>();
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  open(room: Keeper): void {
    this.#rooms.set(room, 0);
  }

  close(room: Keeper): void {
    this.#used -= this.#rooms.get(room) ?? 0;
    this.#rooms.delete(room);
  }

  /** A room has grown: the largest ones shrink until there is room for all. */
  grown(room: Keeper): void {
    this.#measure(room);
    while (this.#used > this.#limit) {
      const largest = this.#largest();
      if (largest === undefined || !largest.shrink()) return;
      this.#measure(largest);
    }
  }

  /** Nothing for a room that is closed. */
  #measure(room: Keeper): void {
    const before = this.#rooms.get(room);
    if (before === undefined) return;
    const { bytes } = room;
    this.#used += bytes - before;
    this.#rooms.set(room, bytes);
  }

  #largest(): Keeper | undefined {
    let largest: Keeper | undefined;
    let most = 0;
    for (const [room, bytes] of this.#rooms) {
      if (bytes <= most) continue;
      most = bytes;
      largest = room;
    }
    return largest;
  }
}
