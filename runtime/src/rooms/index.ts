/** Rooms: what one caller sends reaches all, in one order, however slowly one of them reads. */
export type { Presence, PresenceEvent, RoomEvent, RoomMessage } from "./event.ts";
export { defaultRoomLimits, type RoomLimits } from "./limits.ts";
export type { Member } from "./member.ts";
export { createRooms, type JoinOptions, type Rooms, type RoomsOptions } from "./rooms.ts";
export type {
  RoomStore,
  RoomStoreListener,
  SharedRooms,
  StoredEvent,
  StoredMessage,
} from "./store.ts";
