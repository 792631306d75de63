import type { ChannelInterface } from "@grpc/grpc-js";

/**
 * A call on a channel of grpc-js. It holds one message that waits to be sent: send the next one
 * after the callback of the last.
 */
export type NativeCall = ReturnType<ChannelInterface["createCall"]>;
