import type { Message } from "@bufbuild/protobuf";
import type { ChannelInterface } from "@grpc/grpc-js";
import type { ClientCall } from "../call.ts";
import { type Onion, onionOf } from "../compose.ts";
import type { MethodDefinition } from "../method.ts";
import type { ClientOptions } from "./client-options.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeRequest } from "./encode-request.ts";
import { InterceptedCall } from "./intercepted-call.ts";
import { createChannelCall, type NativeCall } from "./native-call.ts";

/** Everything about a method that is prepared before its first call. */
export interface MethodPlan {
  readonly method: MethodDefinition;
  /** Target of the channel. */
  readonly target: string;
  /** Undefined without interceptors. */
  readonly onion: Onion<ClientCall> | undefined;
  /** Milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  readonly waitForReady: boolean;
  /**
   * @throws GrpcError UNAVAILABLE when the channel is closed, and what native interceptors throw.
   */
  createCall(deadline: Date | number): NativeCall;
  /**
   * @param request a message or an initializer
   * @throws GrpcError INTERNAL when a field has a value outside of its type.
   */
  encode(request: Message): unknown;
  /** @throws GrpcError INTERNAL when the bytes are not a message of the method. */
  decode(response: unknown): Message;
}

/** The plan of a method for calls through `channel`. */
export function planMethod(
  method: MethodDefinition,
  channel: ChannelInterface,
  options: ClientOptions,
): MethodPlan {
  return {
    method,
    target: channel.getTarget(),
    onion: onionOf(options.interceptors ?? [], method),
    timeoutMs:
      method.kind === "unary"
        ? (options.unaryTimeoutMs ?? 5_000)
        : (options.streamTimeoutMs ?? 30_000),
    waitForReady: options.waitForReady ?? false,
    ...carrierOf(method, channel, options),
  };
}

/** How calls are made, and what their messages are. */
type Carrier = Pick<MethodPlan, "createCall" | "encode" | "decode">;

function carrierOf(
  method: MethodDefinition,
  channel: ChannelInterface,
  { nativeInterceptors = [] }: ClientOptions,
): Carrier {
  if (nativeInterceptors.length > 0) {
    return {
      createCall: (deadline) => new InterceptedCall(channel, method, nativeInterceptors, deadline),
      // Native interceptors expect messages. The innermost call encodes and decodes them.
      encode: (request) => method.request.create(request),
      decode: (response) => response as Message,
    };
  }
  return {
    createCall: (deadline) => createChannelCall(channel, method.path, deadline),
    encode: (request) => encodeRequest(method.request, request),
    // The messages of channels are bytes.
    decode: (response) => decodeResponse(method, response as Buffer),
  };
}
