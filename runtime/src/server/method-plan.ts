import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { ServerCall } from "../call.ts";
import { type Onion, onionOf } from "../compose.ts";
import { encodeShared } from "../encode-once.ts";
import { GrpcError } from "../error.ts";
import type { ServiceRegistration, UntypedHandler } from "../implement.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import type { Codec, MethodDefinition, MethodInfo } from "../method.ts";
import { quietly } from "../quietly.ts";
import { handlerFailure } from "./handler-failure.ts";

/** Called with errors that are not a status: bugs and outages, with their full cause. */
export type OnError = (error: unknown, call: ServerCall) => void;

/** Everything about a method that is prepared before its first call. */
export interface MethodPlan {
  readonly method: MethodDefinition;
  readonly handler: UntypedHandler;
  /** Undefined without interceptors. */
  readonly onion: Onion<ServerCall> | undefined;
  /** Calls `onError`, whose own errors are ignored. */
  report(error: unknown, call: ServerCall): void;
  /** @throws GrpcError INTERNAL when the bytes are not a message of the method. */
  decode(request: unknown): Message;
  /**
   * @param response a message or an initializer
   * @throws Error when a field has a value outside of its type.
   */
  encode(response: Message): unknown;
}

/** Chooses the interceptors of a method. One that is left out costs that method's calls nothing. */
export type InterceptorsOf = (method: MethodInfo) => readonly ServerInterceptor[];

/**
 * Where messages are encoded: here (`own`), or in grpc-js, if native interceptors must see
 * messages.
 */
export type Encoding = "own" | "grpc-js";

/** How the calls of a service are handled, on every kind of server. */
export interface PlanOptions {
  /** Outermost first. A list for all methods, or a function called once per method. */
  readonly interceptors?: readonly ServerInterceptor[] | InterceptorsOf;
  readonly onError?: OnError;
}

/** The plans of all methods of a service, by local name. */
export function planMethods(
  registration: ServiceRegistration,
  options: PlanOptions,
  encoding: Encoding,
): Map<string, MethodPlan> {
  const plans = new Map<string, MethodPlan>();
  for (const [localName, method] of Object.entries(registration.definition)) {
    const handler = registration.handlers.get(localName);
    if (handler === undefined) throw new Error(`${method.path} has no handler: use implement()`);
    plans.set(localName, {
      method,
      handler,
      onion: onionOf(options.interceptors ?? [], method, handlerFailure),
      report: reporter(options.onError ?? logError),
      decode: encoding === "own" ? (bytes) => decode(method.request, bytes) : alreadyDecoded,
      encode: encoding === "own" ? encodeWith(method.response) : encodableWith(method.response),
    });
  }
  return plans;
}

function decode(codec: Codec<DescMessage>, bytes: unknown): Message {
  try {
    // The definition registered with grpc-js passes bytes through.
    return codec.decode(bytes as Buffer);
  } catch (cause) {
    throw new GrpcError("INTERNAL", "request message cannot be decoded", { cause });
  }
}

function alreadyDecoded(message: unknown): Message {
  // grpc-js has called `requestDeserialize` of the definition.
  return message as Message;
}

function encodeWith(codec: Codec<DescMessage>): MethodPlan["encode"] {
  return (message) => encodeShared(codec, message);
}

/**
 * Leaves encoding to grpc-js, but tries it first. If it fails in grpc-js, that ends the call
 * itself, and interceptors would see a success.
 */
function encodableWith(codec: Codec<DescMessage>): MethodPlan["encode"] {
  return (init) => {
    const message = codec.create(init);
    codec.encode(message);
    return message;
  };
}

/** A broken `onError` must not break the call. */
function reporter(onError: OnError): MethodPlan["report"] {
  return (error, call) => quietly(() => onError(error, call));
}

function logError(error: unknown, call: ServerCall): void {
  console.error(`${call.method.path} failed:`, error);
}
