import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import type { CallOptions } from "./client-options.ts";
import { Exchange, type RequestSide } from "./exchange.ts";
import type { ClientPlan } from "./method-plan.ts";
import { ManyResponses } from "./response-side.ts";

/** Responses of a call that starts with the first `next`, so that a stream never read costs nothing. */
export class ResponseIterator implements AsyncIterableIterator<Message, undefined> {
  readonly #plan: ClientPlan;
  readonly #requests: RequestSide;
  readonly #options: CallOptions;
  readonly #responses = new ManyResponses();
  #exchange: Exchange | undefined;
  #started = false;

  constructor(plan: ClientPlan, requests: RequestSide, options: CallOptions = {}) {
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
    // The call may still be among its interceptors, where the responses do not know it.
    this.#exchange?.fail(new GrpcError("CANCELLED", "the caller has stopped reading"));
    return this.#responses.stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #start(): void {
    this.#started = true;
    const { stream } = this.#responses;
    try {
      this.#exchange = new Exchange(this.#plan, this.#options, this.#requests, this.#responses);
    } catch (error) {
      stream.fail(GrpcError.from(error));
      return;
    }
    this.#exchange
      .run()
      .finally(() => {
        this.#exchange = undefined;
      })
      .then(
        () => stream.close(),
        (error: unknown) => stream.fail(error),
      );
  }
}
