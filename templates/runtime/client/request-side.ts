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
  #bytes: Buffer | undefined;

  constructor(init: UntypedInit) {
    this.#init = init;
  }

  prepare(exchange: Exchange): Promise<void> | undefined {
    const bytes = encode(exchange, this.#init);
    if (bytes instanceof Promise) {
      return bytes.then((encoded) => {
        this.#bytes = encoded;
      });
    }
    this.#bytes = bytes;
    return undefined;
  }

  send(_exchange: Exchange, native: NativeCall): void {
    if (this.#bytes !== undefined) native.sendMessageWithContext({}, this.#bytes);
    native.halfClose();
  }
}

/** The requests of a client streaming or bidirectional call. */
export class ManyRequests implements RequestSide {
  readonly #source: Iterable<UntypedInit> | AsyncIterable<UntypedInit>;

  constructor(source: Iterable<UntypedInit> | AsyncIterable<UntypedInit>) {
    this.#source = source;
  }

  prepare(): undefined {}

  send(exchange: Exchange, native: NativeCall): void {
    pump(this.#source, (init) => sendOne(exchange, native, init), exchange, ignore).then(
      (complete) => {
        if (complete && !exchange.over) native.halfClose();
      },
      (cause: unknown) => exchange.fail(requestError(cause)),
    );
  }
}

async function sendOne(exchange: Exchange, native: NativeCall, init: UntypedInit): Promise<void> {
  const encoded = encode(exchange, init);
  const bytes = encoded instanceof Promise ? await encoded : encoded;
  if (!exchange.over) await exchange.send(native, bytes);
}

function encode(exchange: Exchange, init: UntypedInit): Buffer | Promise<Buffer> {
  const { request } = exchange.plan.method;
  const message = exchange.call.runRequestHooks(request.create(init));
  return message instanceof Promise
    ? message.then((last) => request.encode(last))
    : request.encode(message);
}

function requestError(cause: unknown): GrpcError {
  return cause instanceof GrpcError
    ? cause
    : new GrpcError("INTERNAL", "the stream of requests failed", { cause });
}

/** What a source of requests throws while it is closed: the call has its status already. */
function ignore(): void {}
