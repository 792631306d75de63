/** What the members of a room see, in the order of the room. All of them get the same object. */
export type RoomEvent = RoomMessage | PresenceEvent;

/** A text that a member has sent. */
export interface RoomMessage {
  readonly kind: "message";
  readonly room: string;
  /** Grows within the room. A member that joins again gives the last one that it has, as `after`. */
  readonly id: string;
  /** Who has sent it. */
  readonly member: string;
  /** When the room got it, in milliseconds since 1970. */
  readonly atMs: number;
  readonly text: string;
}

/** A member has come or gone. It is not part of the history. */
export interface PresenceEvent {
  readonly kind: "joined" | "left";
  readonly room: string;
  readonly member: string;
  readonly atMs: number;
}

/** Who is in a room, on all servers that share it. */
export interface Presence {
  /** In alphabetical order; at most `maxNames` of them. */
  readonly names: readonly string[];
  /** All members. */
  readonly count: number;
}

/** Names that a member is told when it joins. */
export const maxNames = 100;

/** The presence of these members. */
export function presenceOf(members: Iterable<string>): Presence {
  const all = [...new Set(members)].sort();
  return { names: all.slice(0, maxNames), count: all.length };
}
