import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { uncovered } from "./uncovered.ts";

/** The messages that requests and responses of these files consist of, in the order they are found. */
export function reachableMessages(files: readonly DescFile[]): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>();
  for (const message of methodMessages(files)) follow(message, found);
  return found;
}

/** Requests and responses of all methods. */
export function methodMessages(files: readonly DescFile[]): ReadonlySet<DescMessage> {
  const methods = files.flatMap(({ services }) => services.flatMap((service) => service.methods));
  return new Set(methods.flatMap(({ input, output }) => [input, output]));
}

/** Adds a message and those of its fields that are `wanted`. A loop: a chain of messages may be long. */
export function follow(
  start: DescMessage,
  found: Set<DescMessage>,
  isWanted: (message: DescMessage) => boolean = () => true,
): void {
  const open = [start];
  for (let message = open.pop(); message !== undefined; message = open.pop()) {
    if (found.has(message) || !isWanted(message)) continue;
    found.add(message);
    if (uncovered(message) === undefined) open.push(...parts(message).reverse());
  }
}

/** Messages of the fields of a message. */
export function parts({ fields }: DescMessage): DescMessage[] {
  return fields.flatMap(({ message }) => (message === undefined ? [] : [message]));
}
