import type { ChannelInterface } from "@grpc/grpc-js";
import type { ClientCall } from "../call.ts";
import { compose, type Onion } from "../compose.ts";
import type { MethodDefinition } from "../method.ts";
import type { ClientOptions } from "./client-options.ts";

/** What is decided of a method once, before any call. */
export interface ClientPlan {
  readonly method: MethodDefinition;
  readonly channel: ChannelInterface;
  readonly onion: Onion<ClientCall>;
  readonly timeoutMs: number;
}

export function planMethod(
  method: MethodDefinition,
  channel: ChannelInterface,
  options: ClientOptions,
): ClientPlan {
  return {
    method,
    channel,
    onion: compose(options.interceptors ?? []),
    timeoutMs:
      method.kind === "unary"
        ? (options.unaryTimeoutMs ?? 5_000)
        : (options.streamTimeoutMs ?? 30_000),
  };
}
