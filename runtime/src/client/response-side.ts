import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import { type MessageSource, MessageStream } from "../message-stream.ts";
import { CallSite } from "./call-failure.ts";
import type { ExchangeAccess, ResponseSide } from "./sides.ts";

type Resolve = (message: Message | Promise<Message>) => void;
type Reject = (error: GrpcError) => void;

/** The response of a unary or client streaming call, and the caller's promise for it. */
export class OneResponse implements ResponseSide {
  readonly #resolve: Resolve;
  readonly #reject: Reject;
  #message: Message | Promise<Message> | undefined;

  constructor(resolve: Resolve, reject: Reject) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onStart(): void {}

  onMessage(exchange: ExchangeAccess, response: unknown): void {
    if (this.#message !== undefined) {
      exchange.fail(new GrpcError("UNIMPLEMENTED", "the server sent more than one response"));
      return;
    }
    try {
      this.#message = accept(exchange, response);
      if (this.#message instanceof Promise) this.#message.catch(ignore);
    } catch (error) {
      exchange.fail(GrpcError.from(error));
      return;
    }
    // To detect a second response.
    exchange.read();
  }

  /** One response comes from grpc-js. */
  onArrived(): void {}

  complete(): Promise<unknown> | undefined {
    if (this.#message === undefined) throw noResponse();
    return this.#message instanceof Promise ? this.#message : undefined;
  }

  settle(failure: GrpcError | undefined): void {
    if (failure === undefined && this.#message !== undefined) this.#resolve(this.#message);
    else this.#reject(failure ?? noResponse());
  }
}

/** The responses of a server streaming or bidirectional call, read one ahead of the consumer. */
export class ManyResponses implements ResponseSide, MessageSource {
  readonly stream: MessageStream = new MessageStream(this);
  readonly #callSite = new CallSite();
  #exchange: ExchangeAccess | undefined;
  #accepting: Promise<void> | undefined;
  #accepted: Message | undefined;

  onStart(exchange: ExchangeAccess): void {
    this.#exchange = exchange;
  }

  onMessage(exchange: ExchangeAccess, response: unknown): void {
    this.#accepted = this.#accept(exchange, response);
    if (this.#accepted !== undefined) this.stream.arrived();
  }

  onArrived(): void {
    this.stream.arrived();
  }

  complete(): Promise<void> | undefined {
    return this.#accepting;
  }

  settle(failure: GrpcError | undefined): void {
    if (failure === undefined) {
      this.stream.close();
      return;
    }
    this.#callSite.showIn(failure);
    this.stream.fail(failure);
  }

  takeMessage(): Message | undefined {
    const exchange = this.#exchange;
    if (exchange === undefined) return undefined;
    const message = this.#accepted;
    if (message !== undefined) {
      this.#accepted = undefined;
      exchange.read();
      return message;
    }
    if (this.#accepting !== undefined) return undefined;
    const response = exchange.take();
    return response === undefined ? undefined : this.#accept(exchange, response);
  }

  cancel(): void {
    this.#exchange?.fail(new GrpcError("CANCELLED", "the caller has stopped reading"));
  }

  /** Undefined if it fails, or while hooks still run on it. */
  #accept(exchange: ExchangeAccess, response: unknown): Message | undefined {
    try {
      const message = accept(exchange, response);
      if (!(message instanceof Promise)) return message;
      this.#accepting = this.#await(exchange, message);
    } catch (error) {
      exchange.fail(GrpcError.from(error));
    }
    return undefined;
  }

  async #await(exchange: ExchangeAccess, message: Promise<Message>): Promise<void> {
    try {
      this.#accepted = await message;
      this.#accepting = undefined;
      this.stream.arrived();
    } catch (error) {
      exchange.fail(GrpcError.from(error));
    }
  }
}

function accept({ plan, call }: ExchangeAccess, response: unknown): Message | Promise<Message> {
  return call.runResponseHooks(plan.decode(response));
}

/** The status that gRPC defines for a wrong number of responses (statuscodes.md). */
function noResponse(): GrpcError {
  return new GrpcError("UNIMPLEMENTED", "the server sent no response");
}

function ignore(): void {}
