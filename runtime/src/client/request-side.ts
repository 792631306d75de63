import type { Message } from "@bufbuild/protobuf";
import { pump, type StopState } from "../pump.ts";
import { sourceFailure } from "./call-failure.ts";
import type { NativeCall } from "./native-call.ts";
import type { ExchangeAccess, RequestSide } from "./sides.ts";

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

  prepare(exchange: ExchangeAccess): Promise<void> | undefined {
    const message = hooked(exchange, this.#init);
    if (message instanceof Promise) {
      return message.then((last) => {
        this.#encoded = exchange.plan.encode(last);
      });
    }
    this.#encoded = exchange.plan.encode(message);
    return undefined;
  }

  send(_exchange: ExchangeAccess, native: NativeCall): void {
    native.sendMessageWithContext(noCallback, this.#encoded);
    native.halfClose();
  }

  onStop(): void {}
}

/**
 * Messages after which sending waits for a turn of the event loop. While grpc-js may have to repeat
 * messages, it accepts them without delay, and a source that is always ready would block
 * everything.
 */
const messagesPerTurn = 64;

/** The requests of a client streaming or bidirectional call. */
export class ManyRequests implements RequestSide, StopState {
  readonly #source: Iterable<UntypedInit> | AsyncIterable<UntypedInit>;
  #sent = 0;
  #stopped = false;
  #stopListener: (() => void) | undefined;
  /** Resolves the promise for the message that is being sent. */
  #accepted: (() => void) | undefined;

  constructor(source: Iterable<UntypedInit> | AsyncIterable<UntypedInit>) {
    this.#source = source;
  }

  prepare(): undefined {}

  send(exchange: ExchangeAccess, native: NativeCall): void {
    pump(this.#source, (init) => this.#sendOne(exchange, native, init), this, ignore).then(
      (complete) => {
        if (complete && !this.#stopped) native.halfClose();
      },
      (error: unknown) => exchange.fail(sourceFailure(error)),
    );
  }

  onStop(): void {
    this.#stopped = true;
    this.#stopListener?.();
    this.#accepted?.();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  setStopListener(listener: (() => void) | undefined): void {
    this.#stopListener = listener;
  }

  #sendOne(
    exchange: ExchangeAccess,
    native: NativeCall,
    init: UntypedInit,
  ): Promise<void> | undefined {
    const message = hooked(exchange, init);
    return message instanceof Promise
      ? message.then((last) => this.#transmit(exchange, native, last))
      : this.#transmit(exchange, native, message);
  }

  #transmit(
    exchange: ExchangeAccess,
    native: NativeCall,
    message: Message,
  ): Promise<void> | undefined {
    const encoded = exchange.plan.encode(message);
    if (this.#stopped) return undefined;
    // Resolves when the channel has accepted the message, or sending has stopped.
    const accepted = new Promise<void>((resolve) => {
      this.#accepted = resolve;
      native.sendMessageWithContext({ callback: resolve }, encoded);
    });
    this.#sent += 1;
    return this.#sent % messagesPerTurn === 0 ? accepted.then(nextTurn) : accepted;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function hooked({ plan, call }: ExchangeAccess, init: UntypedInit): Message | Promise<Message> {
  return call.outgoingRequest(init, plan.method.request);
}

/** Errors of a source that is being closed are irrelevant: the call has its status. */
function ignore(): void {}
