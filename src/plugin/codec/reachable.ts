import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { uncovered } from "./uncovered.ts";

/** Requests and responses of all methods of a file. */
export function methodMessages({ services }: DescFile): ReadonlySet<DescMessage> {
  const methods = services.flatMap((service) => service.methods);
  return new Set(methods.flatMap(({ input, output }) => [input, output]));
}

/** These messages and those that they consist of, in the order of their fields. */
export function reachableMessages(starts: Iterable<DescMessage>): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>();
  // Not a recursion: a chain of messages may be long.
  const open = [...starts].reverse();
  for (let message = open.pop(); message !== undefined; message = open.pop()) {
    if (found.has(message)) continue;
    found.add(message);
    if (uncovered(message) === undefined) open.push(...parts(message).reverse());
  }
  return found;
}

/** Messages of the fields of a message. */
function parts({ fields }: DescMessage): DescMessage[] {
  return fields.flatMap(({ message }) => (message === undefined ? [] : [message]));
}
