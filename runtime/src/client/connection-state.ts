import { type ChannelInterface, connectivityState } from "@grpc/grpc-js";
import { timerMs } from "../deadline.ts";
import { GrpcError } from "../error.ts";

/** The state of a channel, by the names of the gRPC specification. */
export type ConnectionState = keyof typeof connectivityState;

/**
 * Calls `listener` with the state of a channel's connection, now and after every change, until the
 * channel is closed (the last state is SHUTDOWN) or `signal` aborts. It opens no connection and
 * does not keep the process alive.
 *
 * @example
 * ```ts
 * watchConnection(channel, (state) => console.log(`${channel.getTarget()} is ${state}`));
 * ```
 */
export function watchConnection(
  channel: ChannelInterface,
  listener: (state: ConnectionState) => void,
  signal?: AbortSignal,
): void {
  const notify = (): void => {
    if (signal?.aborted === true) return;
    const state = channel.getConnectivityState(false);
    // Not within grpc-js: a listener that throws would leave its state half changed.
    queueMicrotask(() => {
      if (signal?.aborted !== true) listener(stateName(state));
    });
    if (state === connectivityState.SHUTDOWN) return;
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, notify);
  };
  notify();
}

function stateName(state: connectivityState): ConnectionState {
  // A numeric enum maps its numbers back to their names.
  return connectivityState[state] as ConnectionState;
}

/**
 * Connects, and resolves when the channel is ready.
 *
 * @param timeoutMs milliseconds to wait
 * @throws GrpcError UNAVAILABLE when there is no connection in time or the channel is closed.
 */
export async function channelReady(channel: ChannelInterface, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timerMs(timeoutMs);
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
