import type { DescMessage, FileRegistry } from "@bufbuild/protobuf";

/** Every message of a schema, nested ones too, without the well-known types. */
export function allMessages(schema: FileRegistry): DescMessage[] {
  const files = [...schema.files].filter(({ name }) => !name.startsWith("google/protobuf/"));
  return files.flatMap(({ messages }) => messages.flatMap(withNested));
}

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}
