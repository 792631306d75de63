import { identityOf } from "grpc-service/interceptors";
import { contents } from "../../chat/contents.ts";
import { messageOf, welcome } from "../../chat/messages.ts";
import { roomName } from "../../chat/room-name.ts";
import type { Dependencies } from "../../dependencies.ts";
import type { ChatServiceHandlers } from "../../gen/chat_grpc.ts";

/** Joins the room of the header `room`. Without one, echoes each message before it reads the next. */
export function chat({ rooms, maxCharacters }: Dependencies): ChatServiceHandlers["chat"] {
  return async function* (requests, context) {
    const room = roomName(context);
    if (room === undefined) {
      for await (const { content } of requests) yield { content };
      return;
    }
    const [after] = context.metadata.get("after").map(String);
    const member = await rooms.join(room, {
      member: identityOf(context).subject,
      after,
      signal: context.signal,
    });
    yield welcome(room, member.present);
    const texts = contents(requests, maxCharacters);
    for await (const event of member.exchange(texts)) yield messageOf(event);
  };
}
