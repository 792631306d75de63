import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import { withAwaitingStack } from "./call-failure.ts";
import type { CallOptions } from "./client-options.ts";
import { Exchange } from "./exchange.ts";
import type { MethodPlan } from "./method-plan.ts";
import { ManyRequests, OneRequest, type UntypedInit } from "./request-side.ts";
import { ManyResponses, OneResponse } from "./response-side.ts";
import type { RequestSide } from "./sides.ts";

/** A client method. The kind of its `MethodDefinition` decides which input and result it has. */
export type UntypedClientMethod = (
  input: never,
  options?: CallOptions,
) => Promise<Message> | AsyncIterable<Message>;

/** The client method of a plan, composed from the two sides that its kind of method needs. */
export function untypedMethod(plan: MethodPlan): UntypedClientMethod {
  switch (plan.method.kind) {
    case "unary":
      return (init: UntypedInit, options) => responseTo(plan, new OneRequest(init), options);
    case "client_streaming":
      return (inits: Iterable<UntypedInit>, options) =>
        responseTo(plan, new ManyRequests(inits), options);
    case "server_streaming":
      return (init: UntypedInit, options) =>
        new ResponseIterator(plan, new OneRequest(init), options);
    case "bidi_streaming":
      return (inits: Iterable<UntypedInit>, options) =>
        new ResponseIterator(plan, new ManyRequests(inits), options);
  }
}

/** An `async` function, so that the stack of a failure shows where the response is awaited. */
async function responseTo(
  plan: MethodPlan,
  requests: RequestSide,
  options: CallOptions = {},
): Promise<Message> {
  try {
    // Illegal options throw a GrpcError in here, which rejects the promise.
    return await new Promise<Message>((resolve, reject) => {
      new Exchange(plan, options, requests, new OneResponse(resolve, reject)).run();
    });
  } catch (error) {
    throw withAwaitingStack(error);
  }
}

/**
 * The responses of a call that starts with the first `next()`: a stream never read costs nothing.
 */
class ResponseIterator implements AsyncIterableIterator<Message, undefined> {
  readonly #plan: MethodPlan;
  readonly #requests: RequestSide;
  readonly #options: CallOptions;
  readonly #responses = new ManyResponses();
  #started = false;

  constructor(plan: MethodPlan, requests: RequestSide, options: CallOptions = {}) {
    this.#plan = plan;
    this.#requests = requests;
    this.#options = options;
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    if (!this.#started) this.#start();
    return this.#responses.stream.next();
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#started = true;
    return this.#responses.stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #start(): void {
    this.#started = true;
    const responses = this.#responses;
    try {
      new Exchange(this.#plan, this.#options, this.#requests, responses).run();
    } catch (error) {
      responses.stream.fail(GrpcError.from(error));
    }
  }
}
