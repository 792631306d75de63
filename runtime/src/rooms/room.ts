import { GrpcError } from "../error.ts";
import { Backlog } from "./backlog.ts";
import type { RoomEvent } from "./event.ts";
import type { RoomLimits } from "./limits.ts";
import type { Member } from "./member.ts";
import type { Pace, Paces } from "./pace.ts";
import type { RoomMemory } from "./room-memory.ts";

/** Members that get an event in one turn of the event loop. */
const membersPerTurn = 250;

/** A caller in a room. */
interface Caller {
  calls: number;
  /** Shared by its calls. */
  readonly pace: Pace;
}

/** What the rooms of a server share. */
export interface RoomBounds {
  readonly limits: RoomLimits;
  readonly paces: Paces;
  readonly memory: RoomMemory;
}

/** The part of a room that is on this server. */
export class Room {
  readonly name: string;
  readonly backlog: Backlog;
  readonly #limits: RoomLimits;
  readonly #paces: Paces;
  readonly #memory: RoomMemory;
  readonly #members = new Set<Member>();
  readonly #callers = new Map<string, Caller>();
  #calls = 0;
  /** Whether members are being woken, and whether there is more for those that were. */
  #waking = false;
  #hasMore = false;

  constructor(name: string, { limits, paces, memory }: RoomBounds) {
    this.name = name;
    this.backlog = new Backlog(limits);
    this.#limits = limits;
    this.#paces = paces;
    this.#memory = memory;
  }

  /** Calls, including those that are about to join. */
  get calls(): number {
    return this.#calls;
  }

  get members(): Iterable<Member> {
    return this.#members;
  }

  /** Names of the callers, each once. */
  get names(): string[] {
    return [...this.#callers.keys()];
  }

  /** Whether the room is small enough to announce who joins and leaves. */
  get announces(): boolean {
    return this.#callers.size <= this.#limits.announceUpTo;
  }

  /**
   * Counts a call.
   *
   * @returns what limits its messages, and whether it is the first call of this caller
   * @throws GrpcError RESOURCE_EXHAUSTED when the room is full.
   */
  enter(name: string): { readonly pace: Pace; readonly isFirst: boolean } {
    if (this.#calls >= this.#limits.members) {
      throw new GrpcError("RESOURCE_EXHAUSTED", `room ${this.name} is full`);
    }
    const known = this.#callers.get(name);
    const caller = known ?? { calls: 0, pace: this.#paces.take(this.name, name) };
    caller.calls += 1;
    this.#calls += 1;
    this.#callers.set(name, caller);
    return { pace: caller.pace, isFirst: known === undefined };
  }

  /** Counts the end of a call. @returns whether it was the last one of this caller */
  leave(name: string): boolean {
    const caller = this.#callers.get(name);
    if (caller === undefined) return false;
    caller.calls -= 1;
    this.#calls -= 1;
    if (caller.calls > 0) return false;
    this.#callers.delete(name);
    this.#paces.leave(this.name, name, caller.pace);
    return true;
  }

  add(member: Member): void {
    this.#members.add(member);
  }

  remove(member: Member): void {
    this.#members.delete(member);
  }

  /** Gives an event to all members, in the next turns of the event loop. */
  append(event: RoomEvent): void {
    this.backlog.add(event);
    this.#memory.grown(this);
    this.#dropWhoIsBehind();
    this.#hasMore = true;
    if (this.#waking) return;
    this.#waking = true;
    setImmediate(() => this.#wakeAll());
  }

  get bytes(): number {
    return this.backlog.bytes;
  }

  shrink(): boolean {
    const hasShrunk = this.backlog.forgetOldest();
    if (hasShrunk) this.#dropWhoIsBehind();
    return hasShrunk;
  }

  #dropWhoIsBehind(): void {
    for (const member of this.#members) member.dropIfBehind();
  }

  /** What has been added in one turn reaches a member together. */
  #wakeAll(): void {
    this.#hasMore = false;
    this.#wake(this.#members.values());
  }

  #wake(members: Iterator<Member>): void {
    for (let woken = 0; woken < membersPerTurn; ) {
      const { done, value } = members.next();
      if (done === true) {
        this.#waking = this.#hasMore;
        if (this.#waking) setImmediate(() => this.#wakeAll());
        return;
      }
      if (value.wake()) woken += 1;
    }
    setImmediate(() => this.#wake(members));
  }
}
