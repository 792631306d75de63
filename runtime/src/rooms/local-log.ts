import { type Presence, presenceOf } from "./event.ts";
import type { RoomLog } from "./log.ts";
import { formatMessageId, nextId } from "./message-id.ts";
import type { Room } from "./room.ts";

/** Rooms of one process. */
export class LocalLog implements RoomLog {
  readonly keepsHistory = false;

  async open(): Promise<void> {}

  close(): void {}

  async send(room: Room, member: string, text: string): Promise<void> {
    const atMs = Date.now();
    const id = formatMessageId(nextId(room.backlog.lastId, atMs));
    room.append({ kind: "message", room: room.name, id, member, atMs, text });
  }

  async enter(room: Room, member: string, isFirst: boolean): Promise<Presence> {
    if (isFirst) announceHere(room, "joined", member);
    return presenceOf(room.names);
  }

  leave(room: Room, member: string): void {
    announceHere(room, "left", member);
  }

  stop(): void {}
}

/** Tells the members on this server who has come or gone. */
export function announceHere(room: Room, kind: "joined" | "left", member: string): void {
  if (room.announces) room.append({ kind, room: room.name, member, atMs: Date.now() });
}
