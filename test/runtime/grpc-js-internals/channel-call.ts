import * as grpc from "@grpc/grpc-js";
import { cleanUp } from "../support/echo.ts";

export type ChannelCall = ReturnType<grpc.ChannelInterface["createCall"]>;

export interface ChannelCallOptions {
  /** Called when the response headers have arrived. */
  readonly onMetadata?: (call: ChannelCall) => void;
  /** Milliseconds between a response and the request for the next one. */
  readonly pauseMs?: number;
}

export interface StartedChannelCall {
  readonly call: ChannelCall;
  readonly messages: readonly Buffer[];
  /** Resolves with the status of the call. */
  readonly status: Promise<grpc.StatusObject>;
  /** How many statuses have arrived. */
  readonly statuses: () => number;
}

/** A channel of grpc-js with nothing of ours. */
export function openChannel(port: number): grpc.Channel {
  const channel = new grpc.Channel(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
  });
  cleanUp(() => channel.close());
  return channel;
}

/** Starts a call of a channel, sends one empty request and reads all responses. */
export function startChannelCall(
  channel: grpc.ChannelInterface,
  { onMetadata, pauseMs = 0 }: ChannelCallOptions = {},
): StartedChannelCall {
  const call = channel.createCall("/native/Unary", Number.POSITIVE_INFINITY, null, null, null);
  const messages: Buffer[] = [];
  let statuses = 0;
  const status = new Promise<grpc.StatusObject>((resolve) => {
    call.start(new grpc.Metadata(), {
      onReceiveMetadata: () => onMetadata?.(call),
      onReceiveMessage: (message: Buffer) => {
        messages.push(message);
        setTimeout(() => call.startRead(), pauseMs);
      },
      onReceiveStatus: (ended) => {
        statuses += 1;
        resolve(ended);
      },
    });
  });
  call.startRead();
  call.sendMessageWithContext({}, Buffer.alloc(0));
  call.halfClose();
  return { call, messages, status, statuses: () => statuses };
}
