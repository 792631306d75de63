import type {
  ChannelInterface,
  InterceptingListener,
  InterceptorOptions,
  Metadata,
  NextCall,
  status,
} from "@grpc/grpc-js";
import { clientStreamOf } from "../grpc-js-internals/client-stream.ts";
import { HeldStatus } from "../grpc-js-internals/held-status.ts";
import type { MethodDefinition } from "../method.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeRequest } from "./encode-request.ts";
import { type ChannelCall, createChannelCall } from "./native-call.ts";
import { unpooled } from "./pooled-call.ts";

type MessageContext = Parameters<ChannelCall["sendMessageWithContext"]>[0];

/**
 * The call below the last native interceptor, as grpc-js defines it: it encodes and decodes,
 * requests the response of a call with one response itself, and passes `null` if that does not
 * arrive.
 */
export class InnermostCall implements ReturnType<NextCall> {
  readonly #call: ChannelCall;
  readonly #method: MethodDefinition;
  readonly #onError: (error: unknown) => void;

  /**
   * @param onError called with errors of encoding and decoding, and with what interceptors throw in
   * their listeners
   * @throws GrpcError UNAVAILABLE when the channel is closed.
   */
  constructor(
    channel: ChannelInterface,
    method: MethodDefinition,
    options: InterceptorOptions,
    onError: (error: unknown) => void,
  ) {
    const { deadline = Number.POSITIVE_INFINITY, host, parent = null, propagate_flags } = options;
    this.#call = createChannelCall(channel, method.path, deadline, host, parent, propagate_flags);
    if (options.credentials !== undefined) this.#call.setCredentials(options.credentials);
    this.#method = method;
    this.#onError = onError;
  }

  start(metadata: Metadata, listener: Partial<InterceptingListener> = {}): void {
    const one = !this.#method.responseStream;
    let received = false;
    let held: HeldStatus | undefined;
    this.#call.start(metadata, {
      onReceiveMetadata: (header) => {
        const call = unpooled(this.#call);
        const found = this.#method.kind === "unary" ? undefined : clientStreamOf(call);
        held = found && new HeldStatus(call, found, () => {});
        this.#guard(() => listener.onReceiveMetadata?.(header));
      },
      onReceiveMessage: (bytes) =>
        this.#guard(() => {
          received = true;
          listener.onReceiveMessage?.(decodeResponse(this.#method, bytes));
          // To detect a second response.
          if (one) this.#call.startRead();
        }),
      onReceiveStatus: (ended) =>
        this.#guard(() => {
          if (one && !received) listener.onReceiveMessage?.(null);
          listener.onReceiveStatus?.(held?.restore(ended) ?? ended);
        }),
    });
    if (one) this.#call.startRead();
  }

  sendMessageWithContext(context: MessageContext, message: unknown): void {
    // Interceptors know the type of messages from the definition they were given.
    const encode = this.#method.requestSerialize as (message: unknown) => Buffer;
    // Guarded, since an interceptor may send where nothing else catches an error.
    this.#guard(() =>
      this.#call.sendMessageWithContext(context, encodeRequest({ encode }, message)),
    );
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

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#onError(error);
    }
  }
}
