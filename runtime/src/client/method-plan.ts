import type { Message } from "@bufbuild/protobuf";
import type { ChannelInterface } from "@grpc/grpc-js";
import type { ClientCall } from "../call.ts";
import { compose, type Onion } from "../compose.ts";
import type { ClientInterceptor } from "../interceptor.ts";
import type { MethodDefinition, MethodInfo } from "../method.ts";
import type { ClientOptions } from "./client-options.ts";
import { InterceptedCall } from "./intercepted-call.ts";
import { type NativeCall, openCall } from "./native-call.ts";

/** What is decided of a method once, before any call. */
export interface ClientPlan {
  readonly method: MethodDefinition;
  /** Undefined without interceptors: a call can then do with less. */
  readonly onion: Onion<ClientCall> | undefined;
  /** Milliseconds, 0 for no limit. */
  readonly timeoutMs: number;
  readonly waitForReady: boolean;
  /** @throws GrpcError UNAVAILABLE when the channel is closed, and what native interceptors throw. */
  createCall(deadline: Date | number): NativeCall;
  /** @throws Error when a field holds what its type cannot carry. */
  encode(request: Message): unknown;
  /** @throws Error when the server sent bytes that are no message. */
  decode(response: unknown): Message;
}

export function planMethod(
  method: MethodDefinition,
  channel: ChannelInterface,
  options: ClientOptions,
): ClientPlan {
  const interceptors = interceptorsOf(method, options.interceptors);
  return {
    method,
    onion: interceptors.length === 0 ? undefined : compose(interceptors),
    timeoutMs:
      method.kind === "unary"
        ? (options.unaryTimeoutMs ?? 5_000)
        : (options.streamTimeoutMs ?? 30_000),
    waitForReady: options.waitForReady ?? false,
    ...transport(method, channel, options),
  };
}

function interceptorsOf(
  method: MethodInfo,
  interceptors: ClientOptions["interceptors"] = [],
): readonly ClientInterceptor[] {
  return typeof interceptors === "function" ? interceptors(method) : interceptors;
}

type Transport = Pick<ClientPlan, "createCall" | "encode" | "decode">;

function transport(
  method: MethodDefinition,
  channel: ChannelInterface,
  { nativeInterceptors = [] }: ClientOptions,
): Transport {
  if (nativeInterceptors.length > 0) {
    return {
      createCall: (deadline) => new InterceptedCall(channel, method, nativeInterceptors, deadline),
      // Native interceptors expect messages; the innermost call encodes and decodes.
      encode: (request) => request,
      decode: (response) => response as Message,
    };
  }
  return {
    createCall: (deadline) => openCall(channel, method.path, deadline),
    encode: (request) => method.request.encode(request),
    // Channels bring bytes.
    decode: (response) => method.response.decode(response as Buffer),
  };
}
