import type { Message } from "@bufbuild/protobuf";
import { pump } from "../pump.ts";
import { sourceFailure } from "./call-failure.ts";
import type { Exchange } from "./exchange.ts";
import type { NativeCall } from "./native-call.ts";
import type { RequestSide } from "./sides.ts";

/** An initializer of which only the `MethodDefinition` knows the type. */
export type UntypedInit = Message;

const noCallback = {};

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
    native.sendMessageWithContext(noCallback, this.#encoded);
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
      (error: unknown) => exchange.fail(sourceFailure(error)),
    );
  }

  #sendOne(exchange: Exchange, native: NativeCall, init: UntypedInit): Promise<void> | undefined {
    const message = hooked(exchange, init);
    return message instanceof Promise
      ? message.then((last) => this.#pass(exchange, native, last))
      : this.#pass(exchange, native, message);
  }

  #pass(exchange: Exchange, native: NativeCall, message: Message): Promise<void> | undefined {
    const encoded = exchange.plan.encode(message);
    if (exchange.over) return undefined;
    const taken = exchange.send(native, encoded);
    this.#sent += 1;
    return this.#sent % messagesPerTurn === 0 ? taken.then(turn) : taken;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function hooked(exchange: Exchange, init: UntypedInit): Message | Promise<Message> {
  return exchange.call.runRequestHooks(exchange.plan.method.request.create(init));
}

/** What a source of requests throws while it is closed: the call has its status already. */
function ignore(): void {}
