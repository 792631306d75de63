import type { Message } from "@bufbuild/protobuf";
import { inThisContext } from "./async-context.ts";
import type { MessageHook } from "./call.ts";

/** Hooks that are run in any async context. */
const contextFreeHooks = new WeakSet<MessageHook>();

/**
 * Marks a hook that does not look at AsyncLocalStorage. It is run as it is, which costs less per
 * message than to run it in the context of its interceptor.
 */
export function contextFree(hook: MessageHook): MessageHook {
  contextFreeHooks.add(hook);
  return hook;
}

/** The hooks of one direction of one call. */
export class MessageHooks {
  readonly #hooks: MessageHook[] = [];
  readonly #innermostFirst: boolean;

  constructor(order: "outermost first" | "innermost first") {
    this.#innermostFirst = order === "innermost first";
  }

  add(given: MessageHook): void {
    const hook = contextFreeHooks.has(given) ? given : inThisContext(given);
    // Interceptors register from the outermost to the innermost.
    if (this.#innermostFirst) this.#hooks.unshift(hook);
    else this.#hooks.push(hook);
  }

  /** Runs all hooks on `message`; the result is a promise only if a hook returns one. */
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
  for (let index = start; ; index += 1) {
    const hook = hooks[index];
    if (hook === undefined) return message;
    const result = hook(message);
    if (result instanceof Promise) {
      const current = message;
      return result.then((replacement) =>
        runFrom(hooks, index + 1, replaced(current, replacement)),
      );
    }
    message = replaced(message, result);
  }
}

function replaced(message: Message, replacement: Awaited<ReturnType<MessageHook>>): Message {
  if (typeof replacement !== "object") return message;
  if (replacement.$typeName !== message.$typeName) {
    throw new Error(`a message hook replaced a ${message.$typeName} by something else`);
  }
  return replacement;
}
