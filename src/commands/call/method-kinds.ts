import type { DescMethod } from "@bufbuild/protobuf";

/** Whether a method takes a stream of requests. */
export function takesStream({ methodKind }: DescMethod): boolean {
  return methodKind === "client_streaming" || methodKind === "bidi_streaming";
}

/** Whether a method returns a stream of responses. */
export function givesStream({ methodKind }: DescMethod): boolean {
  return methodKind === "server_streaming" || methodKind === "bidi_streaming";
}
