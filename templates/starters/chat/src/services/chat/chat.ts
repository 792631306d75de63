import { identityOf } from "grpc-service/interceptors";
import { contents } from "../../chat/contents.ts";
import { messageOf, welcome } from "../../chat/messages.ts";
import { roomName } from "../../chat/room-name.ts";
import type { Dependencies } from "../../dependencies.ts";
import type { ChatServiceHandlers } from "../../gen/chat_grpc.ts";

/** Joins the room of the header `room`. Without one, echoes each message before it reads the next. */
export function chat({ rooms, chat }: Dependencies): ChatServiceHandlers["chat"] {
  return async function* (requests, context) {
    const texts = contents(requests, chat.maxCharacters);
    const room = roomName(context);
    if (room === undefined) {
      for await (const content of texts) yield { content };
      return;
    }
    const member = await rooms.join(room, {
      member: identityOf(context).subject,
      after: context.metadata.get("after").map(String)[0],
      signal: context.signal,
    });
    yield welcome(room, member.present);
    for await (const event of member.exchange(texts)) yield messageOf(room, event);
  };
}
