import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Presence, RoomEvent } from "grpc-service/rooms";
import { ChatEvent, type ChatMessageSchema } from "../gen/chat_pb.ts";

type Message = MessageInitShape<typeof ChatMessageSchema>;

/** What a member is told when it has joined. */
export function welcome(room: string, { names, count }: Presence): Message {
  return {
    event: ChatEvent.WELCOME,
    content: count === 1 ? "nobody else is here" : `${count} are here`,
    room,
    members: [...names],
    memberCount: count,
  };
}

/** What a member is told of something that has happened in its room. */
export function messageOf(room: string, event: RoomEvent): Message {
  const common = { room, sender: event.member, sentAt: timestampFromMs(event.atMs) };
  switch (event.kind) {
    case "message":
      return { ...common, event: ChatEvent.MESSAGE, id: event.id, content: event.text };
    case "joined":
      return { ...common, event: ChatEvent.JOINED, content: `${event.member} has joined` };
    case "left":
      return { ...common, event: ChatEvent.LEFT, content: `${event.member} has left` };
  }
}
