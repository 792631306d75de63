import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import type { CallOptions } from "./client-options.ts";
import { Exchange } from "./exchange.ts";
import type { ClientPlan } from "./method-plan.ts";
import { ManyResponses } from "./response-side.ts";
import type { RequestSide } from "./sides.ts";

/** Responses of a call that starts with the first `next`, so that a stream never read costs nothing. */
export class ResponseIterator implements AsyncIterableIterator<Message, undefined> {
  readonly #plan: ClientPlan;
  readonly #requests: RequestSide;
  readonly #options: CallOptions;
  readonly #responses = new ManyResponses();
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
    return this.#responses.stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #start(): void {
    this.#started = true;
    const responses = this.#responses;
    try {
      responses.start(new Exchange(this.#plan, this.#options, this.#requests, responses));
    } catch (error) {
      responses.stream.fail(GrpcError.from(error));
    }
  }
}
