import type { ChannelInterface } from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";

/** A call of a channel, below any interceptor: it takes and brings bytes. */
export type ChannelCall = ReturnType<ChannelInterface["createCall"]>;

type CallParameters = Parameters<ChannelInterface["createCall"]>;

/** @throws GrpcError UNAVAILABLE when the channel is closed. */
export function openCall(
  channel: ChannelInterface,
  path: string,
  deadline: CallParameters[1],
  host: CallParameters[2] = null,
  parent: CallParameters[3] = null,
  propagate: CallParameters[4] = null,
): ChannelCall {
  try {
    return channel.createCall(path, deadline, host, parent, propagate);
  } catch (cause) {
    throw new GrpcError("UNAVAILABLE", "the channel is closed", { cause });
  }
}
