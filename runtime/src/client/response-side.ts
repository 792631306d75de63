import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import { type MessageSource, MessageStream } from "../message-stream.ts";
import { CallSite } from "./call-failure.ts";
import type { Exchange } from "./exchange.ts";
import type { ResponseSide } from "./sides.ts";

type Resolve = (message: Message | Promise<Message>) => void;
type Reject = (error: GrpcError) => void;

/** The response of a unary or client streaming call, and the promise that waits for it. */
export class OneResponse implements ResponseSide {
  readonly #resolve: Resolve;
  readonly #reject: Reject;
  #message: Message | Promise<Message> | undefined;

  constructor(resolve: Resolve, reject: Reject) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onOpen(exchange: Exchange): void {
    exchange.read();
  }

  onMessage(exchange: Exchange, received: unknown): void {
    if (this.#message !== undefined) {
      exchange.fail(new GrpcError("UNIMPLEMENTED", "the server sent more than one response"));
      return;
    }
    try {
      this.#message = accept(exchange, received);
      if (this.#message instanceof Promise) this.#message.catch(ignore);
    } catch (error) {
      exchange.fail(GrpcError.from(error));
      return;
    }
    // So that a second response is noticed.
    exchange.read();
  }

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
  readonly stream = new MessageStream(this);
  readonly #callSite = new CallSite();
  #exchange: Exchange | undefined;
  #accepting: Promise<void> | undefined;
  #accepted: Message | undefined;

  /** Makes the call that is to bring the responses. */
  start(exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.run();
  }

  onOpen(exchange: Exchange): void {
    exchange.read();
  }

  onMessage(exchange: Exchange, received: unknown): void {
    try {
      const message = accept(exchange, received);
      if (message instanceof Promise) this.#accepting = this.#await(exchange, message);
      else this.#add(message);
    } catch (error) {
      exchange.fail(GrpcError.from(error));
    }
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
    const message = this.#accepted;
    if (message === undefined) return undefined;
    this.#accepted = undefined;
    this.#exchange?.read();
    return message;
  }

  leave(): void {
    this.#exchange?.fail(new GrpcError("CANCELLED", "the caller has stopped reading"));
  }

  #add(message: Message): void {
    this.#accepted = message;
    this.stream.arrived();
  }

  async #await(exchange: Exchange, message: Promise<Message>): Promise<void> {
    try {
      this.#add(await message);
    } catch (error) {
      exchange.fail(GrpcError.from(error));
    }
  }
}

function accept(exchange: Exchange, received: unknown): Message | Promise<Message> {
  let message: Message;
  try {
    message = exchange.plan.decode(received);
  } catch (cause) {
    throw new GrpcError("INTERNAL", "response message cannot be decoded", { cause });
  }
  return exchange.call.runResponseHooks(message);
}

/** As gRPC has it (statuscodes.md): exactly one response was promised, and another number came. */
function noResponse(): GrpcError {
  return new GrpcError("UNIMPLEMENTED", "the server sent no response");
}

function ignore(): void {}
