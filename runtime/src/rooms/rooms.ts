import { addAbortListener } from "../abort-listeners.ts";
import type { Resource } from "../app/resource.ts";
import { GrpcError } from "../error.ts";
import { CallCounts } from "./call-counts.ts";
import { defaultRoomLimits, type RoomLimits } from "./limits.ts";
import { LocalLog } from "./local-log.ts";
import type { RoomLog } from "./log.ts";
import { Member } from "./member.ts";
import { type MessageId, parseMessageId } from "./message-id.ts";
import { Paces } from "./pace.ts";
import { Room, type RoomBounds } from "./room.ts";
import { RoomMemory } from "./room-memory.ts";
import { SharedLog } from "./shared-log.ts";
import type { RoomStore } from "./store.ts";

/** Options of `createRooms`. */
export interface RoomsOptions {
  /** Default of each: `defaultRoomLimits`. */
  readonly limits?: Partial<RoomLimits>;
  /** Shares the rooms among servers. Default: each server has its own, in memory. */
  readonly store?: RoomStore | undefined;
}

/** Who joins. */
export interface JoinOptions {
  /** The caller, as others see it. Its calls share a place among those present. */
  readonly member: string;
  /** The `id` of the last message that the caller has: it gets those behind it, as far as they are kept. */
  readonly after?: string | undefined;
  /** Ends the membership: that of the call. */
  readonly signal: AbortSignal;
}

/**
 * Rooms, in which what one member sends reaches all, in one order. As a resource, they end their members
 * when the server stops.
 */
export interface Rooms extends Required<Pick<Resource, "drain" | "close">> {
  /**
   * Joins a room, which is made when it is not there.
   *
   * @param room checked by you: it comes from the caller
   * @throws GrpcError RESOURCE_EXHAUSTED when the room is full, there are too many, or the member has too many
   *   calls, INVALID_ARGUMENT for an `after` that is no id, UNAVAILABLE when the server stops; the signal's reason when it has aborted.
   */
  join(room: string, options: JoinOptions): Promise<Member>;
}

/**
 * Makes rooms.
 *
 * @example
 * ```ts
 * const member = await rooms.join("lobby", { member: subject, signal: context.signal });
 * for await (const event of member.exchange(texts)) yield toMessage(event);
 * ```
 */
export function createRooms({ limits, store }: RoomsOptions = {}): Rooms {
  const all = { ...defaultRoomLimits, ...limits };
  return new OpenRooms(all, store === undefined ? new LocalLog() : new SharedLog(all, store));
}

/** A room, and when it has its history. */
interface Opened {
  readonly room: Room;
  readonly ready: Promise<void>;
}

class OpenRooms implements Rooms {
  readonly #limits: RoomLimits;
  readonly #bounds: RoomBounds;
  readonly #log: RoomLog;
  readonly #calls: CallCounts;
  readonly #opened = new Map<string, Opened>();
  /** Names of rooms that nobody is in, the longest left first. */
  readonly #idle = new Set<string>();
  #stopping = false;

  constructor(limits: RoomLimits, log: RoomLog) {
    this.#limits = limits;
    this.#bounds = { limits, paces: new Paces(limits), memory: new RoomMemory(limits.bytes) };
    this.#log = log;
    this.#calls = new CallCounts(limits.callsPerMember);
  }

  async join(name: string, { member, after, signal }: JoinOptions): Promise<Member> {
    signal.throwIfAborted();
    if (this.#stopping) throw stopping();
    const afterId = after === undefined ? undefined : readId(after);
    this.#calls.requireRoom(member);
    const { room, ready } = this.#open(name);
    const { pace, isFirst } = room.enter(member);
    this.#calls.add(member);
    this.#idle.delete(name);
    try {
      await ready;
      const { backlog } = room;
      const arrival = { start: backlog.startOf(afterId), joinedAt: backlog.end, after: afterId };
      const present = await this.#log.enter(room, member, isFirst);
      signal.throwIfAborted();
      if (this.#stopping) throw stopping();
      const joined = new Member({ name: member, present, ...arrival }, backlog, {
        send: async (text) => {
          await pace.next(signal);
          await this.#log.send(room, member, text);
        },
        leave: () => {
          unlisten();
          room.remove(joined);
          this.#leave(room, member);
        },
      });
      const unlisten = addAbortListener(signal, () => void joined.return());
      room.add(joined);
      return joined;
    } catch (error) {
      this.#leave(room, member);
      throw error;
    }
  }

  drain(): void {
    this.#stopping = true;
    for (const { room } of this.#opened.values()) {
      for (const member of room.members) member.end(stopping());
    }
  }

  async close(): Promise<void> {
    this.drain();
    this.#log.stop();
  }

  #open(name: string): Opened {
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    if (this.#opened.size >= this.#limits.rooms) this.#forgetOne();
    const room = new Room(name, this.#bounds);
    this.#bounds.memory.open(room);
    const opened = { room, ready: this.#log.open(room) };
    this.#opened.set(name, opened);
    return opened;
  }

  #forgetOne(): void {
    const [oldest] = this.#idle;
    if (oldest === undefined) throw new GrpcError("RESOURCE_EXHAUSTED", "there are too many rooms");
    this.#idle.delete(oldest);
    this.#forget(oldest);
  }

  #forget(name: string): void {
    const opened = this.#opened.get(name);
    if (opened !== undefined) this.#bounds.memory.close(opened.room);
    this.#opened.delete(name);
  }

  #leave(room: Room, member: string): void {
    this.#calls.remove(member);
    if (room.leave(member)) this.#log.leave(room, member);
    if (room.calls > 0) return;
    this.#log.close(room);
    if (this.#log.keepsHistory) this.#forget(room.name);
    else this.#idle.add(room.name);
  }
}

function readId(after: string): MessageId {
  const id = parseMessageId(after);
  if (id === undefined)
    throw new GrpcError("INVALID_ARGUMENT", "after: must be the id of a message");
  return id;
}

function stopping(): GrpcError {
  return new GrpcError("UNAVAILABLE", "the server stops: join again");
}
