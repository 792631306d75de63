import { requireValid } from "grpc-service/error-details";
import type { ChatMessage } from "../gen/chat_pb.ts";

/**
 * The texts of messages. Other fields that a caller sets are ignored: the server fills them in.
 *
 * @throws GrpcError INVALID_ARGUMENT for one that is empty or too long.
 */
export async function* contents(
  messages: AsyncIterable<ChatMessage>,
  maxCharacters: number,
): AsyncIterable<string> {
  for await (const { content } of messages) {
    requireValid({
      content:
        (content.length > 0 && content.length <= maxCharacters) ||
        `must have 1 to ${maxCharacters} characters`,
    });
    yield content;
  }
}
