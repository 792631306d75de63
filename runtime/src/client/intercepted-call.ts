import type { ChannelInterface, Interceptor, Metadata, NextCall, status } from "@grpc/grpc-js";
import { cancelCall } from "../grpc-js-internals/cancel-twice.ts";
import type { MethodDefinition } from "../method.ts";
import { InnermostCall } from "./innermost-call.ts";
import type { CallListener, NativeCall } from "./native-call.ts";

/**
 * A call through native interceptors, outermost first, as in a client of grpc-js: they see
 * messages, may open other calls instead of this one, or respond without a call.
 */
export class InterceptedCall implements NativeCall {
  readonly #innermost: InnermostCall[] = [];
  readonly #outermost: ReturnType<NextCall>;
  #listener: CallListener | undefined;

  /** @throws GrpcError UNAVAILABLE when the channel is closed, and what an interceptor throws. */
  constructor(
    channel: ChannelInterface,
    method: MethodDefinition,
    interceptors: readonly Interceptor[],
    deadline: Date | number,
  ) {
    const innermost: NextCall = (options) => {
      const call = new InnermostCall(channel, method, options, (error) => this.#fail(error));
      this.#innermost.push(call);
      return call;
    };
    const chain = interceptors.reduceRight<NextCall>(
      (next, interceptor) => (options) => interceptor(options, next),
      innermost,
    );
    this.#outermost = chain({ deadline, method_definition: method });
  }

  start(metadata: Metadata, listener: CallListener): void {
    this.#listener = listener;
    this.#guard(() =>
      this.#outermost.start(metadata, {
        onReceiveMetadata: (header) => listener.onReceiveMetadata(header),
        onReceiveMessage: (message) => {
          // grpc-js passes null when a call with one response ends without it.
          if (message !== null) listener.onReceiveMessage(message);
        },
        onReceiveStatus: (status) => {
          listener.onReceiveStatus(status);
          // Interceptors that responded themselves may have left calls running.
          this.#cancelInnermost();
        },
      }),
    );
  }

  sendMessageWithContext(context: { callback?: () => void }, message: unknown): void {
    this.#guard(() => this.#outermost.sendMessageWithContext(context, message));
  }

  startRead(): void {
    this.#guard(() => this.#outermost.startRead());
  }

  halfClose(): void {
    this.#guard(() => this.#outermost.halfClose());
  }

  cancelWithStatus(code: status, details: string): void {
    this.#guard(() => this.#outermost.cancelWithStatus(code, details));
  }

  getPeer(): string {
    return this.#outermost.getPeer();
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#cancelInnermost();
    this.#listener?.onError(error);
  }

  #cancelInnermost(): void {
    for (const call of this.#innermost) cancelCall(call);
  }
}
