import { randomUUID } from "node:crypto";
import { GrpcError } from "../error.ts";
import { within } from "../within.ts";
import { type Presence, presenceOf } from "./event.ts";
import { Inbox } from "./inbox.ts";
import type { RoomLimits } from "./limits.ts";
import { announceHere } from "./local-log.ts";
import type { RoomLog } from "./log.ts";
import { formatMessageId, nextLocalId } from "./message-id.ts";
import type { Room } from "./room.ts";
import type { RoomStore, SharedRooms, StoredMessage } from "./store.ts";

/** The time within which a stored message arrives, in milliseconds, unless the connection is lost. */
const arrivalMs = 1000;

/**
 * Rooms that servers share through a store, which orders their messages: a message reaches the members of
 * its own server as it comes back from the store. While the store is away, the members of this server go
 * on among themselves.
 */
export class SharedLog implements RoomLog {
  readonly keepsHistory = true;
  readonly #limits: RoomLimits;
  readonly #shared: SharedRooms;
  readonly #inboxes = new Map<string, Inbox>();
  readonly #server = randomUUID();
  readonly #timer: NodeJS.Timeout;
  #messages = 0;

  constructor(limits: RoomLimits, store: RoomStore) {
    this.#limits = limits;
    this.#shared = store.open(limits, {
      received: (room, event) => this.#inboxes.get(room)?.receive(event),
      connected: (rooms) => this.#connected(rooms),
    });
    this.#timer = setInterval(() => this.#keep(), this.#shared.keepMs).unref();
  }

  async open(room: Room): Promise<void> {
    const inbox = new Inbox(room);
    this.#inboxes.set(room.name, inbox);
    await this.#read(inbox, this.#shared).catch(() => {});
  }

  close({ name }: Room): void {
    this.#inboxes.delete(name);
  }

  async send(room: Room, member: string, text: string): Promise<void> {
    const inbox = this.#inboxes.get(room.name);
    if (inbox === undefined) return; // stopped
    this.#messages += 1;
    const token = `${this.#server}.${this.#messages}`;
    const arrived = inbox.expect(token);
    try {
      await this.#shared.send(room.name, { token, member, text });
      if (inbox.isExpected(token)) await within(arrivalMs, arrived);
    } catch {
      // Unless it has arrived, and only the answer was lost.
      if (!inbox.isExpected(token)) return;
      inbox.give(token);
      const id = formatMessageId(nextLocalId(room.backlog.lastId));
      room.append({ kind: "message", room: room.name, id, member, atMs: Date.now(), text });
    }
  }

  async enter(room: Room, member: string, isFirst: boolean): Promise<Presence> {
    try {
      return await this.#shared.enter(room.name, member);
    } catch {
      if (isFirst) announceHere(room, "joined", member);
      return presenceOf(room.names);
    }
  }

  leave(room: Room, member: string): void {
    this.#shared.leave(room.name, member).catch(() => announceHere(room, "left", member));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#inboxes.clear();
  }

  /** Held before anything of the new connection arrives. Rooms that are opened meanwhile are read too. */
  async #connected(rooms: Pick<SharedRooms, "read" | "keep">): Promise<void> {
    let behind = [...this.#inboxes.values()];
    while (behind.length > 0) {
      await Promise.all(behind.map((inbox) => this.#read(inbox, rooms)));
      behind = this.#behind();
    }
    await rooms.keep(this.#names());
  }

  /** @throws what the reading fails with; the room then goes on without what it has missed. */
  async #read(inbox: Inbox, rooms: Pick<SharedRooms, "read">): Promise<void> {
    const read = inbox.hold();
    const { last } = inbox;
    const { history, backlog } = this.#limits;
    let missed: StoredMessage[] | undefined;
    try {
      missed = await rooms.read(inbox.room.name, last === undefined ? history : backlog + 1, last);
      // More than the room keeps.
      if (last !== undefined && missed.length > backlog) endAll(inbox.room);
    } finally {
      inbox.deliver(read, missed);
    }
  }

  #keep(): void {
    for (const inbox of this.#behind()) this.#read(inbox, this.#shared).catch(() => {});
    this.#shared.keep(this.#names()).catch(() => {});
  }

  #behind(): Inbox[] {
    return [...this.#inboxes.values()].filter(({ isBehind }) => isBehind);
  }

  #names(): Map<string, string[]> {
    return new Map([...this.#inboxes].map(([name, { room }]) => [name, room.names]));
  }
}

function endAll(room: Room): void {
  const text = "messages were missed while Redis could not be reached: join again";
  for (const member of room.members) member.end(new GrpcError("UNAVAILABLE", text));
}
