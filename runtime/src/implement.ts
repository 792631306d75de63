import type { Message } from "@bufbuild/protobuf";
import type { CallContext } from "./call.ts";
import { GrpcError } from "./error.ts";
import type { HandlersOf } from "./handlers.ts";
import type { ServiceDefinition } from "./method.ts";

/** A handler. Its `MethodDefinition` has its kind and types. */
export type UntypedHandler = (
  input: Message | AsyncIterable<Message>,
  context: CallContext,
) => unknown;

/** A service with its handlers. */
export interface ServiceRegistration {
  readonly definition: ServiceDefinition;
  /** A handler per method of the definition, by local name. */
  readonly handlers: ReadonlyMap<string, UntypedHandler>;
}

/**
 * Pairs a service with its handlers. Methods without a handler respond with UNIMPLEMENTED.
 *
 * @param handlers an object or an instance of a class; handlers are called as its methods
 */
export function implement<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Partial<HandlersOf<Definition>>,
): ServiceRegistration {
  const untyped = new Map<string, UntypedHandler>();
  for (const name of Object.keys(definition)) {
    untyped.set(name, handlerNamed(name, handlers) ?? respondUnimplemented);
  }
  return { definition, handlers: untyped };
}

/** Ends a call with UNIMPLEMENTED: the body of handlers that are not written yet. */
export function unimplemented(context: CallContext): never {
  const { service, name } = context.method;
  throw new GrpcError("UNIMPLEMENTED", `${service}/${name} is not implemented`);
}

function respondUnimplemented(_input: unknown, context: CallContext): never {
  unimplemented(context);
}

/** The handler of a name in `handlers` or its class, except what every object inherits. */
function handlerNamed(name: string, handlers: object): UntypedHandler | undefined {
  for (
    let owner: unknown = handlers;
    typeof owner === "object" && owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    // The `constructor` of a prototype is the class itself.
    if (!Object.hasOwn(owner, name) || (name === "constructor" && owner !== handlers)) continue;
    const handler: unknown = Reflect.get(handlers, name);
    // The types of `implement` have checked its signature.
    if (typeof handler === "function") return handler.bind(handlers) as UntypedHandler;
  }
  return undefined;
}
