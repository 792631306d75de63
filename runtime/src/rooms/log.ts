import type { Presence } from "./event.ts";
import type { Room } from "./room.ts";

/** Gives the events of rooms their order. */
export interface RoomLog {
  /** Whether messages survive when nobody of this server is in the room. */
  readonly keepsHistory: boolean;
  /** Gives a new room its history. Never rejects. */
  open(room: Room): Promise<void>;
  /** The last call has left. */
  close(room: Room): void;
  /** Resolves when the room has the message. Never rejects. */
  send(room: Room, member: string, text: string): Promise<void>;
  /**
   * A call has joined. Never rejects.
   *
   * @param isFirst whether its caller has no other call in the room, on this server
   */
  enter(room: Room, member: string, isFirst: boolean): Promise<Presence>;
  /** The last call of a caller on this server has left. */
  leave(room: Room, member: string): void;
  /** Forgets all rooms. */
  stop(): void;
}
