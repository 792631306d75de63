import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { encodeOnce } from "grpc-service";
import type { Presence, RoomEvent } from "grpc-service/rooms";
import { ChatEvent, type ChatMessage, ChatMessageSchema } from "../gen/chat_pb.ts";

type Init = MessageInitShape<typeof ChatMessageSchema>;

/** What a member is told when it has joined. */
export function welcome(room: string, { names, count }: Presence): Init {
  return {
    event: ChatEvent.WELCOME,
    content: count === 1 ? "nobody else is here" : `${count} are here`,
    room,
    members: [...names],
    memberCount: count,
  };
}

const messages = new WeakMap<RoomEvent, ChatMessage>();

/** What the members are told of an event. It is one message for all of them, and is encoded once. */
export function messageOf(event: RoomEvent): ChatMessage {
  const known = messages.get(event);
  if (known !== undefined) return known;
  const message = encodeOnce(create(ChatMessageSchema, initOf(event)));
  messages.set(event, message);
  return message;
}

function initOf(event: RoomEvent): Init {
  const { kind, room, member: sender, atMs } = event;
  const common = { room, sender, sentAt: timestampFromMs(atMs) };
  switch (kind) {
    case "message":
      return { ...common, event: ChatEvent.MESSAGE, id: event.id, content: event.text };
    case "joined":
      return { ...common, event: ChatEvent.JOINED, content: `${sender} has joined` };
    case "left":
      return { ...common, event: ChatEvent.LEFT, content: `${sender} has left` };
  }
}
