import type { Peer } from "../peer.ts";
import {
  clientCompressedUnary,
  serverCompressedStreaming,
  serverCompressedUnary,
} from "./compression.ts";
import { cancelAfterBegin, cancelAfterFirstResponse, timeoutOnSleepingServer } from "./ends.ts";
import { customMetadata } from "./metadata.ts";
import {
  specialStatusMessage,
  statusCodeAndMessage,
  unimplementedMethod,
  unimplementedService,
} from "./statuses.ts";
import { clientStreaming, emptyStream, pingPong, serverStreaming } from "./streaming.ts";
import { emptyUnary, largeUnary } from "./unary.ts";

/** Calls a server and looks at the answers. @throws when one of them is not as it must be. */
export type InteropCase = (peer: Peer) => Promise<void>;

/** The cases that every server passes, by their official names. */
export const cases: ReadonlyMap<string, InteropCase> = new Map([
  ["empty_unary", emptyUnary],
  ["large_unary", largeUnary],
  ["client_streaming", clientStreaming],
  ["server_streaming", serverStreaming],
  ["ping_pong", pingPong],
  ["empty_stream", emptyStream],
  ["timeout_on_sleeping_server", timeoutOnSleepingServer],
  ["cancel_after_begin", cancelAfterBegin],
  ["cancel_after_first_response", cancelAfterFirstResponse],
  ["custom_metadata", customMetadata],
  ["status_code_and_message", statusCodeAndMessage],
  ["special_status_message", specialStatusMessage],
  ["unimplemented_method", unimplementedMethod],
  ["unimplemented_service", unimplementedService],
]);

/** The cases that ask a server for compression. */
export const compressionCases: ReadonlyMap<string, InteropCase> = new Map([
  ["client_compressed_unary", clientCompressedUnary],
  ["server_compressed_unary", serverCompressedUnary],
  ["server_compressed_streaming", serverCompressedStreaming],
]);
