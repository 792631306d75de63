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
    // The types of the parameter have checked the signature.
    untyped.set(name, methodNamed<UntypedHandler>(name, handlers) ?? respondUnimplemented);
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

/**
 * The method of a name of an object or its class, bound to the object; none that every object inherits.
 *
 * @typeParam Method its signature, which the caller knows
 */
export function methodNamed<Method>(name: string, object: object): Method | undefined {
  for (
    let owner: unknown = object;
    typeof owner === "object" && owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    // The `constructor` of a prototype is the class itself.
    if (!Object.hasOwn(owner, name) || (name === "constructor" && owner !== object)) continue;
    const method: unknown = Reflect.get(object, name);
    if (typeof method === "function") return method.bind(object);
  }
  return undefined;
}
