import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import type { ServerCall } from "../call.ts";
import { compose, type Onion } from "../compose.ts";
import { GrpcError } from "../error.ts";
import type { ServiceRegistration, UntypedHandler } from "../implement.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import type { Codec, MethodDefinition, MethodInfo } from "../method.ts";
import type { Execution } from "./execution.ts";
import { ownFailure } from "./own-failure.ts";
import { ManyRequests, OneRequest } from "./requests.ts";
import type { ServerTransport } from "./transport.ts";

/** Told of failures that nobody meant to be a status: bugs and outages, with their full cause. */
export type OnError = (error: unknown, call: ServerCall) => void;

/** What is decided of a method once, before any call. */
export interface MethodPlan {
  readonly method: MethodDefinition;
  /** What runs each call, by how many requests the method has. */
  readonly execution: new (
    plan: MethodPlan,
    transport: ServerTransport,
    metadata: Metadata,
  ) => Execution;
  readonly handler: UntypedHandler;
  /** Undefined: no interceptors. */
  readonly onion: Onion<ServerCall> | undefined;
  readonly onError: OnError;
  /** @throws GrpcError INTERNAL when the caller sent bytes that are no message. */
  decode(request: unknown): Message;
  /** @throws Error when a field holds what its type cannot carry. */
  encode(response: Message): unknown;
}

/** Chooses the interceptors of a method; one left out costs that method's calls nothing. */
export type InterceptorsOf = (method: MethodInfo) => readonly ServerInterceptor[];

/** Where messages become bytes: here (`own`), or in grpc-js, where native interceptors see messages. */
export type Encoding = "own" | "grpc-js";

/** How the calls of a service are handled, on every kind of server. */
export interface PlanOptions {
  /** Outermost first: for every method, or asked once for each. */
  readonly interceptors?: readonly ServerInterceptor[] | InterceptorsOf;
  readonly onError?: OnError;
}

/** Plans every method of a service, by its local name. */
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
      execution: method.requestStream ? ManyRequests : OneRequest,
      handler,
      onion: onionOf(options.interceptors ?? [], method),
      onError: options.onError ?? logError,
      decode: encoding === "own" ? (bytes) => decode(method.request, bytes) : alreadyDecoded,
      encode: encoding === "own" ? encodeWith(method.response) : encodableWith(method.response),
    });
  }
  return plans;
}

function onionOf(
  given: readonly ServerInterceptor[] | InterceptorsOf,
  method: MethodInfo,
): Onion<ServerCall> | undefined {
  const interceptors = typeof given === "function" ? given(method) : given;
  return interceptors.length === 0 ? undefined : compose(interceptors, ownFailure);
}

function decode(codec: Codec<DescMessage>, bytes: unknown): Message {
  try {
    // The definition given to grpc-js hands bytes through.
    return codec.decode(bytes as Buffer);
  } catch (cause) {
    throw new GrpcError("INTERNAL", "request message cannot be decoded", { cause });
  }
}

function alreadyDecoded(message: unknown): Message {
  // grpc-js has run the definition's own `requestDeserialize`.
  return message as Message;
}

function encodeWith(codec: Codec<DescMessage>): MethodPlan["encode"] {
  return (message) => codec.encode(message);
}

/**
 * Leaves encoding to grpc-js, but tries it first: when it fails there, grpc-js ends the call behind
 * our back, and interceptors would take it for a success.
 */
function encodableWith(codec: Codec<DescMessage>): MethodPlan["encode"] {
  return (message) => {
    codec.encode(message);
    return message;
  };
}

function logError(error: unknown, call: ServerCall): void {
  console.error(`${call.method.path} failed:`, error);
}
