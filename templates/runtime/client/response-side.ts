import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import { type MessageSource, MessageStream } from "../message-stream.ts";
import type { Exchange, ResponseSide } from "./exchange.ts";
import type { NativeCall } from "./native-call.ts";

interface OpenCall {
  readonly exchange: Exchange;
  readonly native: NativeCall;
}

/** The response of a unary or client streaming call. */
export class OneResponse implements ResponseSide {
  #open: OpenCall | undefined;
  #message: Message | Promise<Message> | undefined;

  receive(exchange: Exchange, native: NativeCall): void {
    this.#open = { exchange, native };
    native.startRead();
  }

  onMessage(received: unknown): void {
    if (this.#open === undefined) return;
    const { exchange, native } = this.#open;
    if (this.#message !== undefined) {
      exchange.fail(new GrpcError("INTERNAL", "the server sent more than one response"));
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
    native.startRead();
  }

  complete(): Promise<void> | undefined {
    if (this.#message === undefined) {
      throw new GrpcError("INTERNAL", "the server sent no response");
    }
    if (!(this.#message instanceof Promise)) return undefined;
    return this.#message.then((message) => {
      this.#message = message;
    });
  }

  /** The response of a call that has ended with OK. */
  take(): Message {
    if (this.#message === undefined || this.#message instanceof Promise) {
      throw new GrpcError("INTERNAL", "the call has not ended");
    }
    return this.#message;
  }
}

/** The responses of a server streaming or bidirectional call. */
export class ManyResponses implements ResponseSide, MessageSource {
  readonly stream = new MessageStream(this);
  #open: OpenCall | undefined;
  #wanted = false;
  #accepting: Promise<void> | undefined;

  receive(exchange: Exchange, native: NativeCall): void {
    this.#open = { exchange, native };
    if (this.#wanted) native.startRead();
  }

  onMessage(received: unknown): void {
    this.stream.push(received);
  }

  complete(): Promise<void> | undefined {
    return this.#accepting;
  }

  read(): void {
    this.#wanted = true;
    this.#open?.native.startRead();
  }

  accept(received: unknown): Message | Promise<Message> {
    if (this.#open === undefined) throw new GrpcError("INTERNAL", "the call is not open");
    const message = accept(this.#open.exchange, received);
    if (message instanceof Promise) this.#accepting = message.then(ignore, ignore);
    return message;
  }

  refuse(error: unknown): void {
    this.#open?.exchange.fail(GrpcError.from(error));
  }

  leave(): void {
    this.#open?.exchange.fail(new GrpcError("CANCELLED", "the caller has stopped reading"));
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

function ignore(): void {}
