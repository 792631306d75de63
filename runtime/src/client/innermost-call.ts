import type {
  ChannelInterface,
  InterceptingListener,
  InterceptorOptions,
  Metadata,
  NextCall,
  status,
} from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
import type { MethodDefinition } from "../method.ts";
import { type KeptStatus, keepStatus } from "./kept-status.ts";
import { type ChannelCall, openCall } from "./native-call.ts";

type MessageContext = Parameters<ChannelCall["sendMessageWithContext"]>[0];

/**
 * What grpc-js' interceptors find below the last of them: it encodes and decodes, reads the response
 * of a call that has one by itself, and says `null` when that did not come.
 */
export class InnermostCall implements ReturnType<NextCall> {
  readonly #call: ChannelCall;
  readonly #method: MethodDefinition;
  readonly #onError: (error: unknown) => void;

  /**
   * @param onError told of messages that cannot be encoded or decoded, and of what interceptors throw
   * while they are given something
   * @throws GrpcError UNAVAILABLE when the channel is closed.
   */
  constructor(
    channel: ChannelInterface,
    method: MethodDefinition,
    options: InterceptorOptions,
    onError: (error: unknown) => void,
  ) {
    const { deadline = Number.POSITIVE_INFINITY, host, parent = null, propagate_flags } = options;
    this.#call = openCall(channel, method.path, deadline, host, parent, propagate_flags);
    if (options.credentials !== undefined) this.#call.setCredentials(options.credentials);
    this.#method = method;
    this.#onError = onError;
  }

  start(metadata: Metadata, listener: Partial<InterceptingListener> = {}): void {
    const one = !this.#method.responseStream;
    let received = false;
    let kept: KeptStatus | undefined;
    this.#call.start(metadata, {
      onReceiveMetadata: (header) => {
        if (this.#method.kind !== "unary") kept = keepStatus(this.#call, () => {});
        this.#guard(() => listener.onReceiveMetadata?.(header));
      },
      onReceiveMessage: (bytes) =>
        this.#guard(() => {
          received = true;
          listener.onReceiveMessage?.(this.#decode(bytes));
          // So that a second response is noticed.
          if (one) this.#call.startRead();
        }),
      onReceiveStatus: (ended) =>
        this.#guard(() => {
          if (one && !received) listener.onReceiveMessage?.(null);
          listener.onReceiveStatus?.(kept?.restore(ended) ?? ended);
        }),
    });
    if (one) this.#call.startRead();
  }

  sendMessageWithContext(context: MessageContext, message: unknown): void {
    // The definition that interceptors were given says what a message is.
    const encode = this.#method.requestSerialize as (message: unknown) => Buffer;
    // An interceptor may send when nobody else could catch what this throws.
    this.#guard(() => this.#call.sendMessageWithContext(context, encode(message)));
  }

  sendMessage(message: unknown): void {
    this.sendMessageWithContext({}, message);
  }

  startRead(): void {
    this.#call.startRead();
  }

  halfClose(): void {
    this.#call.halfClose();
  }

  cancelWithStatus(code: status, details: string): void {
    this.#call.cancelWithStatus(code, details);
  }

  getPeer(): string {
    return this.#call.getPeer();
  }

  getAuthContext(): ReturnType<ChannelCall["getAuthContext"]> {
    return this.#call.getAuthContext();
  }

  #decode(bytes: Buffer): unknown {
    try {
      return this.#method.responseDeserialize(bytes);
    } catch (cause) {
      throw new GrpcError("INTERNAL", "response message cannot be decoded", { cause });
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#onError(error);
    }
  }
}
