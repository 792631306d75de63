import type { ServerHttp2Stream } from "node:http2";
import type { Server } from "@grpc/grpc-js";

/** Tells grpc-js of a stream that it does not run. */
export type NoteStream = (stream: ServerHttp2Stream) => void;

/**
 * How to tell a grpc-js server of a stream that we run ourselves: it closes connections that have been
 * without one for `grpc.max_connection_idle_ms`.
 *
 * Uses the private method `onStreamOpened`. Fall-back without it: undefined, and grpc-js runs all calls.
 */
export function noteStreamOf(server: Server): NoteStream | undefined {
  const note: unknown = Reflect.get(server, "onStreamOpened");
  if (typeof note !== "function") return undefined;
  return (stream) => void Reflect.apply(note, server, [stream]);
}
