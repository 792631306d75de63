import type { Message } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import { ownListeners } from "./abort-listeners.ts";
import { inThisContext } from "./async-context.ts";
import type { MessageHook } from "./call.ts";
import { type ContextKey, ContextValues } from "./context-key.ts";
import type { GrpcError } from "./error.ts";
import { MessageHooks } from "./message-hooks.ts";
import { firstTextIn } from "./metadata.ts";
import type { Codec, MethodInfo } from "./method.ts";
import type { StopState } from "./pump.ts";

/** The state of a running call that server and client share. */
export abstract class CallState implements StopState {
  readonly method: MethodInfo;
  abstract readonly metadata: Metadata;
  // Created on first use: most calls need none of these.
  #values: ContextValues | undefined;
  #requestHooks: MessageHooks | undefined;
  #responseHooks: MessageHooks | undefined;
  #signal: AbortSignal | undefined;
  #abortSignal: ((reason: GrpcError) => void) | undefined;
  #stopListener: (() => void) | undefined;
  #abortReason: GrpcError | undefined;

  constructor(method: MethodInfo) {
    this.method = method;
  }

  /** The first value of a key of the metadata that has texts. */
  firstText(key: string): string | undefined {
    return firstTextIn(this.metadata, key);
  }

  get<T>(key: ContextKey<T>): T {
    return this.#values === undefined ? key.defaultValue : this.#values.get(key);
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#values ??= new ContextValues();
    this.#values.set(key, value);
  }

  onRequest(hook: MessageHook): void {
    this.#requestHooks ??= new MessageHooks("outermost first");
    this.#requestHooks.add(hook);
  }

  onResponse(hook: MessageHook): void {
    this.#responseHooks ??= new MessageHooks("innermost first");
    this.#responseHooks.add(hook);
  }

  runRequestHooks(message: Message): Message | Promise<Message> {
    return this.#requestHooks === undefined ? message : this.#requestHooks.run(message);
  }

  runResponseHooks(message: Message): Message | Promise<Message> {
    return this.#responseHooks === undefined ? message : this.#responseHooks.run(message);
  }

  /**
   * What is to be encoded of a request that the caller gave. Without hooks it stays as it is: codecs
   * encode initializers too.
   */
  outgoingRequest(init: Message, codec: Codec): Message | Promise<Message> {
    const hooks = this.#requestHooks;
    return hooks === undefined ? init : hooks.run(codec.create(init));
  }

  /** The same for a response that the handler returned. */
  outgoingResponse(init: Message, codec: Codec): Message | Promise<Message> {
    const hooks = this.#responseHooks;
    return hooks === undefined ? init : hooks.run(codec.create(init));
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      if (this.#abortReason !== undefined) {
        controller.abort(this.#abortReason);
      } else {
        const notify = ownListeners(controller.signal);
        // Its listeners belong to the call, whoever aborts it.
        this.#abortSignal = inThisContext((reason) => {
          controller.abort(reason);
          notify();
        });
      }
    }
    return this.#signal;
  }

  /** Why the call was aborted, possibly while its handler still runs; undefined if it was not. */
  get abortReason(): GrpcError | undefined {
    return this.#abortReason;
  }

  get stopped(): boolean {
    return this.#abortReason !== undefined;
  }

  /** Stops all work for this call. Only the first reason counts. */
  abort(reason: GrpcError): void {
    if (this.#abortReason !== undefined) return;
    this.#abortReason = reason;
    this.#abortSignal?.(reason);
    this.#stopListener?.();
  }

  /** For the runtime itself: cheaper than a listener of `signal`. */
  setStopListener(listener: (() => void) | undefined): void {
    this.#stopListener = listener;
  }
}
