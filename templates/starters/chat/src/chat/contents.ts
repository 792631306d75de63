import type { ChatMessage } from "../gen/chat_pb.ts";
import { invalid } from "./refusal.ts";

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
    if (content === "") throw invalid("content", "must not be empty");
    if (content.length > maxCharacters) {
      throw invalid("content", `must have at most ${maxCharacters} characters`);
    }
    yield content;
  }
}
