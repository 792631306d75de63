import type { ChatServiceClient } from "../gen/chat_client.ts";
import { ChatEvent, type ChatMessage } from "../gen/chat_pb.ts";

/** Called once for each line of the demonstration. */
export type Print = (line: string) => void;

/**
 * Chats without a room, then in one, and prints what the server sends.
 *
 * @param room a room that nobody else is in
 * @throws GrpcError of the first call that fails
 */
export async function demonstrate(
  chat: ChatServiceClient,
  print: Print,
  room: string,
): Promise<void> {
  print("Without a room: an echo");
  for await (const { content } of chat.chat([{ content: "hello" }, { content: "안녕하세요" }])) {
    print(`  ${content}`);
  }

  print("Reader joins a room, and writes");
  const { messages, halfClose } = openStream({ content: "hello" });
  const reader = chat.chat(messages, { metadata: { room } })[Symbol.asyncIterator]();
  print(`  ${describe(await next(reader))}`);
  const hello = await next(reader);
  print(`  ${describe(hello)}`);

  print("Writer joins, writes two messages, half-closes, and reads to the end");
  const lines = [{ content: "first" }, { content: "둘째" }];
  for await (const message of chat.chat(lines, { metadata: { room } })) {
    print(`  ${describe(message)}`);
  }

  print("Reader gets both, half-closes, and reads to the end");
  for (const _ of lines) print(`  ${describe(await next(reader))}`);
  halfClose();
  for await (const message of remaining(reader)) print(`  ${describe(message)}`);

  print("Somebody joins again, with the id of the hello");
  for await (const message of chat.chat([], { metadata: { room, after: hello.id } })) {
    print(`  ${describe(message)}`);
  }
}

function describe({ event, sender, content }: ChatMessage): string {
  return event === ChatEvent.MESSAGE ? `${sender}: ${content}` : `* ${content}`;
}

/** A stream of requests, with one message, that stays open until `halfClose` is called. */
function openStream(message: { readonly content: string }) {
  let halfClose = (): void => {};
  const closed = new Promise<void>((resolve) => {
    halfClose = resolve;
  });
  async function* messages() {
    yield message;
    await closed;
  }
  return { messages: messages(), halfClose };
}

/** @throws Error when the server has ended the stream */
async function next(messages: AsyncIterator<ChatMessage>): Promise<ChatMessage> {
  const { done, value } = await messages.next();
  if (done === true) throw new Error("the server has ended the chat");
  return value;
}

/** What an iterator has left. */
async function* remaining(messages: AsyncIterator<ChatMessage>): AsyncIterable<ChatMessage> {
  for (;;) {
    const { done, value } = await messages.next();
    if (done === true) return;
    yield value;
  }
}
