import { requireValid } from "grpc-service/error-details";
import type { ChatMessage } from "../gen/chat_pb.ts";

/**
 * The texts of messages. Whatever else a caller sets is ignored: the server says who has written a message.
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
