import type { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import type { Message } from "@bufbuild/protobuf";
import type { CallContext } from "../call.ts";
import type { UntypedHandler } from "../implement.ts";
import { oldCall } from "./old-call.ts";
import type { OldMethod } from "./old-method.ts";
import { addTrailers, oldError } from "./old-status.ts";

/** A handler for grpc-js. One that streams responses gets no callback. */
export type OldHandler = (call: EventEmitter, callback?: OldCallback) => unknown;

type OldCallback = (error: unknown, value?: unknown, trailers?: unknown) => void;
type Input = Message | AsyncIterable<Message>;

/** Converts a handler with `call` and `callback` to one with messages and a context. */
export function adoptHandler(method: OldMethod, handler: OldHandler): UntypedHandler {
  const hasCallback = method.kind === "unary" || method.kind === "client_streaming";
  return hasCallback
    ? (input, context) => respondOnce(method, handler, input, context)
    : (input, context) => respondByStream(method, handler, input, context);
}

async function respondOnce(
  method: OldMethod,
  handler: OldHandler,
  input: Input,
  context: CallContext,
): Promise<Message> {
  const { promise, resolve, reject: fail } = withResolvers<unknown>();
  const { call, release } = oldCall({ method, input, context, responses: undefined, fail });
  const callback: OldCallback = (error, value, trailers) => {
    if (error) {
      fail(oldError(error, trailers));
      return;
    }
    addTrailers(context, trailers);
    resolve(value);
  };
  try {
    // An async handler may reject before it calls back.
    Promise.resolve(handler(call, callback)).catch(fail);
    return method.response(await promise);
  } finally {
    release();
  }
}

async function* respondByStream(
  method: OldMethod,
  handler: OldHandler,
  input: Input,
  context: CallContext,
): AsyncGenerator<Message> {
  const responses = new PassThrough({ objectMode: true });
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    responses.end();
  };
  // For example what is written after the end.
  responses.on("error", fail);
  const { call, release } = oldCall({ method, input, context, responses, fail });
  try {
    Promise.resolve(handler(call)).catch(fail);
    for await (const value of responses) yield method.response(value);
    if (failure !== undefined) throw failure.error;
  } finally {
    release();
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((...functions) => {
    [resolve, reject] = functions;
  });
  return { promise, resolve, reject };
}
