import type { Metadata, ServerInterceptingCallInterface } from "@grpc/grpc-js";
import type { GrpcError } from "../error.ts";
import { responseTargetOf } from "../grpc-js-internals/response-target.ts";
import { sendsInOrder } from "../grpc-js-internals/send-order.ts";
import type { MethodInfo } from "../method.ts";
import type { WireStatus } from "../status.ts";
import { GrpcJsSender } from "./grpc-js-sender.ts";
import { OwnSender } from "./own-sender.ts";
import type { ResponseCompression } from "./response-compression.ts";

/** Sends what a call answers; see `NativeCall`. */
export interface ResponseSender {
  sendHeader(header: Metadata | undefined): void;
  send(response: unknown): Promise<void> | undefined;
  reply(response: unknown, status: WireStatus): void;
  end(status: WireStatus): void;
  /** To be called when the call is over. */
  stop(): void;
}

/**
 * Writes responses to the HTTP/2 stream itself, unless a native interceptor must see them or the
 * stream is not found.
 *
 * @param onRefused called with the status of a stream whose response is too large
 */
export function createResponseSender(
  below: ServerInterceptingCallInterface,
  method: MethodInfo,
  compression: ResponseCompression | undefined,
  onRefused: (error: GrpcError) => void,
): ResponseSender {
  const isPipelined = sendsInOrder(below);
  const target = isPipelined ? responseTargetOf(below) : undefined;
  if (target === undefined) return new GrpcJsSender(below, isPipelined);
  const applies = compression?.appliesTo(target.stream, method) === true;
  return new OwnSender(below, target, applies ? compression : undefined, onRefused);
}
