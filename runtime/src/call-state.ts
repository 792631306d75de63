import type { Message } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import type { MessageHook } from "./call.ts";
import { type ContextKey, ContextValues } from "./context-key.ts";
import type { GrpcError } from "./error.ts";
import type { MethodInfo } from "./method.ts";

/** The half of a running call that is the same on server and client. */
export class CallState {
  readonly method: MethodInfo;
  readonly metadata: Metadata;
  // Created when asked for: most calls need none of these.
  #values: ContextValues | undefined;
  #requestHooks: MessageHooks | undefined;
  #responseHooks: MessageHooks | undefined;
  #controller: AbortController | undefined;
  #overListener: (() => void) | undefined;
  #reason: GrpcError | undefined;

  constructor(method: MethodInfo, metadata: Metadata) {
    this.method = method;
    this.metadata = metadata;
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

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Why the call is over although its work may still run; undefined while it is not. */
  get aborted(): GrpcError | undefined {
    return this.#reason;
  }

  get over(): boolean {
    return this.#reason !== undefined;
  }

  /** Tells everybody who works for this call to stop. The first reason stays. */
  abort(reason: GrpcError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#overListener?.();
  }

  /** The runtime's own listener, cheaper than a signal's; there is one at a time. */
  onOver(listener: (() => void) | undefined): void {
    this.#overListener = listener;
  }
}

/** The hooks of one direction of one call. */
class MessageHooks {
  readonly #hooks: MessageHook[] = [];
  readonly #innermostFirst: boolean;

  constructor(order: "outermost first" | "innermost first") {
    this.#innermostFirst = order === "innermost first";
  }

  add(hook: MessageHook): void {
    // Interceptors register from the outermost to the innermost.
    if (this.#innermostFirst) this.#hooks.unshift(hook);
    else this.#hooks.push(hook);
  }

  /** What the hooks make of `message`; a promise only when a hook answers with one. */
  run(message: Message): Message | Promise<Message> {
    return runFrom(this.#hooks, 0, message);
  }
}

function runFrom(
  hooks: readonly MessageHook[],
  start: number,
  first: Message,
): Message | Promise<Message> {
  let message = first;
  for (const [index, hook] of hooks.entries()) {
    if (index < start) continue;
    const result = hook(message);
    if (result instanceof Promise) {
      const current = message;
      return result.then((replacement) =>
        runFrom(hooks, index + 1, replaced(current, replacement)),
      );
    }
    message = replaced(message, result);
  }
  return message;
}

function replaced(message: Message, replacement: Awaited<ReturnType<MessageHook>>): Message {
  if (typeof replacement !== "object") return message;
  if (replacement.$typeName !== message.$typeName) {
    throw new Error(`a message hook replaced a ${message.$typeName} by something else`);
  }
  return replacement;
}
