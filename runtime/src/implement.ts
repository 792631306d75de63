import type { Message } from "@bufbuild/protobuf";
import type { CallContext } from "./call.ts";
import { GrpcError } from "./error.ts";
import type { HandlersOf } from "./handlers.ts";
import type { ServiceDefinition } from "./method.ts";

/** A handler whose kind and types only its `MethodDefinition` knows. */
export type UntypedHandler = (
  input: Message | AsyncIterable<Message>,
  context: CallContext,
) => unknown;

/** A service and what answers its calls. */
export interface ServiceRegistration {
  readonly definition: ServiceDefinition;
  /** A handler for every method of the definition, by local name. */
  readonly handlers: ReadonlyMap<string, UntypedHandler>;
}

/**
 * Pairs a service with its handlers; a method left out answers UNIMPLEMENTED.
 *
 * @param handlers an object or an instance of a class; handlers are called as its methods
 */
export function implement<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Partial<HandlersOf<Definition>>,
): ServiceRegistration {
  const untyped = new Map<string, UntypedHandler>();
  for (const name of Object.keys(definition)) {
    untyped.set(name, handlerNamed(name, handlers) ?? answerUnimplemented);
  }
  return { definition, handlers: untyped };
}

/** Ends a call with UNIMPLEMENTED: the body of every handler that is still to be written. */
export function unimplemented(context: CallContext): never {
  const { service, name } = context.method;
  throw new GrpcError("UNIMPLEMENTED", `${service}/${name} is not implemented`);
}

function answerUnimplemented(_input: unknown, context: CallContext): never {
  unimplemented(context);
}

/** Looks where the author of `handlers` can have put a handler, not at what every object has. */
function handlerNamed(name: string, handlers: object): UntypedHandler | undefined {
  for (
    let owner: unknown = handlers;
    typeof owner === "object" && owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    // `constructor` of a prototype is the class itself.
    if (!Object.hasOwn(owner, name) || (name === "constructor" && owner !== handlers)) continue;
    const handler: unknown = Reflect.get(handlers, name);
    // `HandlersOf` has checked the signature; which one it is, is in the definition.
    if (typeof handler === "function") return handler.bind(handlers) as UntypedHandler;
  }
  return undefined;
}
