import {
  Channel,
  type ChannelCredentials,
  type ChannelInterface,
  type ChannelOptions,
  connectivityState,
  credentials,
} from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";

export interface ChannelSettings {
  /** Plain text by default. */
  readonly credentials?: ChannelCredentials;
  readonly channelOptions?: ChannelOptions;
}

/**
 * A connection for several clients to share. Whoever makes it closes it.
 *
 * @param address for example `localhost:50051` or `dns:///users:50051`
 */
export function createChannel(address: string, settings: ChannelSettings = {}): Channel {
  return new Channel(
    address,
    settings.credentials ?? credentials.createInsecure(),
    settings.channelOptions ?? {},
  );
}

/**
 * Connects.
 *
 * @param timeoutMs milliseconds to wait
 * @throws GrpcError UNAVAILABLE when there is no connection in time or the channel is closed.
 */
export async function channelReady(channel: ChannelInterface, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) return;
    if (state === connectivityState.SHUTDOWN) {
      throw new GrpcError("UNAVAILABLE", `the channel to ${channel.getTarget()} is closed`);
    }
    await new Promise<void>((resolve, reject) => {
      channel.watchConnectivityState(state, deadline, (cause) => {
        if (cause === undefined) {
          resolve();
          return;
        }
        const text = `${channel.getTarget()} is not ready after ${timeoutMs} ms`;
        reject(new GrpcError("UNAVAILABLE", text, { cause }));
      });
    });
  }
}
