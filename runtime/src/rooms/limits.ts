/** What callers can make rooms keep and do. */
export interface RoomLimits {
  /** Rooms of this server. Without a store, those that nobody is in any more count as long as there is place. */
  readonly rooms: number;
  /** Calls in one room on this server. */
  readonly members: number;
  /** Calls of one member in all rooms on this server: nobody fills a room alone, or takes all rooms. */
  readonly callsPerMember: number;
  /** Latest messages that a member gets at most when it joins. */
  readonly history: number;
  /** Events that a room keeps. A member that is further behind is dropped. */
  readonly backlog: number;
  /** Characters that a room keeps; at least its last event. */
  readonly backlogCharacters: number;
  /**
   * Bytes of memory, about, that the events of all rooms on this server take. Beyond that, the room with
   * the most forgets its oldest event.
   */
  readonly bytes: number;
  /** Messages of one member per second. Further ones wait. */
  readonly messagesPerSecond: number;
  /** Messages that a member may send at once before that. */
  readonly burst: number;
  /** Rooms with more members do not announce who joins or leaves. */
  readonly announceUpTo: number;
}

/** The limits of rooms unless you set others. */
export const defaultRoomLimits: RoomLimits = {
  rooms: 1000,
  members: 1000,
  callsPerMember: 20,
  history: 100,
  backlog: 1000,
  backlogCharacters: 256 * 1024,
  bytes: 128 * 1024 * 1024,
  messagesPerSecond: 10,
  burst: 20,
  announceUpTo: 100,
};
