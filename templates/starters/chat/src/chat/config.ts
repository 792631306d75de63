import type { EnvReader } from "grpc-service/config";
import { defaultRoomLimits, type RoomLimits } from "grpc-service/rooms";

/** Settings of the chat. */
export interface ChatConfig {
  /** Longest message, in characters. */
  readonly maxCharacters: number;
  readonly rooms: RoomLimits;
}

/** Reads the settings that begin with CHAT_. Problems are collected in `env`. */
export function readChatConfig(env: EnvReader): ChatConfig {
  env.section("Chat");
  const { burst, messagesPerSecond, history, members, callsPerMember, rooms, backlog } =
    defaultRoomLimits;
  const integer = (name: string, about: string, fallback: number, max: number) =>
    env.integer(name, about, fallback, { min: 1, max });
  return {
    maxCharacters: integer("CHAT_MAX_CHARACTERS", "Longest message, in characters.", 2000, 100_000),
    rooms: {
      ...defaultRoomLimits,
      messagesPerSecond: integer(
        "CHAT_MESSAGES_PER_SECOND",
        `Messages of one member per second, after ${burst} at once. Further ones wait.`,
        messagesPerSecond,
        1000,
      ),
      history: integer(
        "CHAT_HISTORY",
        "Latest messages of a room that a member gets when it joins.",
        history,
        backlog,
      ),
      members: integer("CHAT_MEMBERS", "Calls in one room, on each server.", members, 100_000),
      callsPerMember: integer(
        "CHAT_CALLS_PER_MEMBER",
        "Calls of one member in all rooms, on each server.",
        callsPerMember,
        100_000,
      ),
      rooms: integer("CHAT_ROOMS", "Rooms, on each server.", rooms, 100_000),
    },
  };
}
