import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import { pump } from "../pump.ts";
import type { Exchange, RequestSide } from "./exchange.ts";
import type { NativeCall } from "./native-call.ts";

/** An initializer of which only the `MethodDefinition` knows the type. */
export type UntypedInit = Message;

/** The request of a unary or server streaming call. */
export class OneRequest implements RequestSide {
  readonly #init: UntypedInit;
  #encoded: unknown;

  constructor(init: UntypedInit) {
    this.#init = init;
  }

  prepare(exchange: Exchange): Promise<void> | undefined {
    const message = hooked(exchange, this.#init);
    if (message instanceof Promise) {
      return message.then((last) => {
        this.#encoded = exchange.plan.encode(last);
      });
    }
    this.#encoded = exchange.plan.encode(message);
    return undefined;
  }

  send(_exchange: Exchange, native: NativeCall): void {
    native.sendMessageWithContext({}, this.#encoded);
    native.halfClose();
  }
}

/**
 * After so many messages sending lets the event loop turn: as long as grpc-js may have to repeat
 * messages it takes them without waiting, and a source that is always ready would let nothing else run.
 */
const messagesPerTurn = 64;

/** The requests of a client streaming or bidirectional call. */
export class ManyRequests implements RequestSide {
  readonly #source: Iterable<UntypedInit> | AsyncIterable<UntypedInit>;
  #sent = 0;

  constructor(source: Iterable<UntypedInit> | AsyncIterable<UntypedInit>) {
    this.#source = source;
  }

  prepare(): undefined {}

  send(exchange: Exchange, native: NativeCall): void {
    pump(this.#source, (init) => this.#sendOne(exchange, native, init), exchange, ignore).then(
      (complete) => {
        if (complete && !exchange.over) native.halfClose();
      },
      (cause: unknown) => exchange.fail(requestError(cause)),
    );
  }

  async #sendOne(exchange: Exchange, native: NativeCall, init: UntypedInit): Promise<void> {
    const message = hooked(exchange, init);
    const encoded = exchange.plan.encode(message instanceof Promise ? await message : message);
    if (exchange.over) return;
    await exchange.send(native, encoded);
    this.#sent += 1;
    if (this.#sent % messagesPerTurn === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function hooked(exchange: Exchange, init: UntypedInit): Message | Promise<Message> {
  return exchange.call.runRequestHooks(exchange.plan.method.request.create(init));
}

function requestError(cause: unknown): GrpcError {
  return cause instanceof GrpcError
    ? cause
    : new GrpcError("INTERNAL", "the stream of requests failed", { cause });
}

/** What a source of requests throws while it is closed: the call has its status already. */
function ignore(): void {}
