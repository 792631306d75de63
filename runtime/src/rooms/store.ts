import type { Presence } from "./event.ts";
import type { RoomLimits } from "./limits.ts";

/** Shares rooms among servers; `redisRoomStore` of `grpc-service/redis/rooms` makes one. */
export interface RoomStore {
  /** @param limits of the rooms, the same on all servers */
  open(limits: RoomLimits, listener: RoomStoreListener): SharedRooms;
}

/** Is told what happens in the rooms of all servers. */
export interface RoomStoreListener {
  /** Something has happened. The events of a room come in the order that they have on all servers. */
  received(room: string, event: StoredEvent): void;
  /**
   * There is a new connection: events may have been missed. What it receives comes after the call, and may
   * come before the promise resolves.
   */
  connected(rooms: Pick<SharedRooms, "read" | "keep">): Promise<void>;
}

/** What the store says about a room. */
export type StoredEvent =
  | StoredMessage
  | { readonly kind: "joined" | "left"; readonly member: string };

/** A message in the store. */
export interface StoredMessage {
  readonly kind: "message";
  readonly id: string;
  /** Chosen by the sender. */
  readonly token: string;
  readonly member: string;
  readonly text: string;
}

/** The rooms in a store. All methods reject while it is away. */
export interface SharedRooms {
  /** The latest messages, `count` at most, in order; those behind `after`, if that is given. */
  read(room: string, count: number, after: string | undefined): Promise<StoredMessage[]>;
  /** Adds a message. All servers receive it, this one included. */
  send(room: string, message: Omit<StoredMessage, "kind" | "id">): Promise<void>;
  /** A caller has joined on this server. */
  enter(room: string, member: string): Promise<Presence>;
  /** A caller has no call on this server any more. */
  leave(room: string, member: string): Promise<void>;
  /**
   * These callers are still on this server; to be repeated every `keepMs`. Callers of servers that do not
   * say so count as gone.
   */
  keep(rooms: ReadonlyMap<string, readonly string[]>): Promise<void>;
  readonly keepMs: number;
}
