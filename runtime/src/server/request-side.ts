import type { Message } from "@bufbuild/protobuf";
import { GrpcError, isUnexpected } from "../error.ts";
import { type MessageSource, MessageStream } from "../message-stream.ts";
import { CompressedRequest } from "./compressed-request.ts";
import { handlerFailure } from "./handler-failure.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { ServerCallState } from "./server-call-state.ts";
import type { ExchangeAccess, RequestSide } from "./sides.ts";

/** The request of a unary or server streaming call. */
export class OneRequest implements RequestSide {
  awaitsRequest = true;
  #request: unknown;
  #received = 0;

  onOpen({ native }: ExchangeAccess): void {
    native.read();
  }

  onMessage(exchange: ExchangeAccess, request: unknown): void {
    this.#request = request;
    this.#received += 1;
    if (this.#received > 1) this.#start(exchange);
    else exchange.native.read();
  }

  onHalfClose(exchange: ExchangeAccess): void {
    this.#start(exchange);
  }

  input({ plan, call }: ExchangeAccess): Message | Promise<Message> {
    if (this.#received !== 1) {
      const problem = this.#received === 0 ? "no request" : "more than one request";
      throw new GrpcError("UNIMPLEMENTED", `${plan.method.path} got ${problem}`);
    }
    const request = this.#request;
    // So that the bytes can be collected while the handler runs.
    this.#request = undefined;
    // Not before interceptors have let the call pass.
    if (request instanceof CompressedRequest) return decompressed(request, plan, call);
    return call.runRequestHooks(plan.decode(request));
  }

  onAbort(): void {}

  #start(exchange: ExchangeAccess): void {
    this.awaitsRequest = false;
    exchange.start();
  }
}

async function decompressed(
  request: CompressedRequest,
  plan: MethodPlan,
  call: ServerCallState,
): Promise<Message> {
  return call.runRequestHooks(plan.decode(await request.decompressed()));
}

/**
 * Milliseconds from the end of the requests until the handler sees it. Node's http2 clients, and
 * with them grpc-js, cancel with END_STREAM and then RST_STREAM, usually in two packets. Without a
 * short wait, the handler of every cancelled upload would see it as complete.
 */
const cancellationDelayMs = 1;

/** The requests of a client streaming or bidirectional call. */
export class ManyRequests implements RequestSide, MessageSource {
  readonly awaitsRequest = false;
  readonly #stream = new MessageStream(this);
  #exchange: ExchangeAccess | undefined;
  /** True while a request that was read has not arrived. */
  #reading = false;
  /** A request that has arrived, not yet decoded. */
  #received: unknown;
  /** Pending while asynchronous hooks run on a request, which is `#accepted` afterwards. */
  #accepting: Promise<void> | undefined;
  #accepted: Message | undefined;

  onOpen(exchange: ExchangeAccess): void {
    this.#exchange = exchange;
    exchange.start();
  }

  onMessage(_exchange: ExchangeAccess, request: unknown): void {
    this.#reading = false;
    this.#received = request;
    this.#stream.arrived();
  }

  onHalfClose(): void {
    // On a busy server the timer fires before the sockets are read; the immediate runs after that.
    setTimeout(() => setImmediate(() => this.#close()), cancellationDelayMs);
  }

  input(): AsyncIterable<Message> {
    return this.#stream;
  }

  onAbort(reason: GrpcError): void {
    this.#stream.abort(reason);
  }

  takeMessage(): Message | undefined {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#accepting !== undefined) return undefined;
    const accepted = this.#accepted;
    if (accepted !== undefined) {
      this.#accepted = undefined;
      return accepted;
    }
    const received = this.#receive(exchange);
    if (received === undefined) return undefined;
    try {
      const message = exchange.call.runRequestHooks(exchange.plan.decode(received));
      if (!(message instanceof Promise)) return message;
      this.#accepting = this.#accept(exchange, message);
    } catch (error) {
      refuse(exchange, error);
    }
    return undefined;
  }

  /**
   * The handler needs no further request. Those that still arrive are dropped when the call ends.
   */
  cancel(): void {}

  /** The next request, if it has arrived. */
  #receive(exchange: ExchangeAccess): unknown {
    if (this.#received === undefined && !this.#reading) {
      this.#reading = true;
      // This may call `onMessage` before it returns.
      exchange.native.read();
    }
    const received = this.#received;
    this.#received = undefined;
    return received;
  }

  async #accept(exchange: ExchangeAccess, message: Promise<Message>): Promise<void> {
    try {
      this.#accepted = await message;
      this.#accepting = undefined;
      this.#stream.arrived();
    } catch (error) {
      refuse(exchange, error);
    }
  }

  /** Closes the stream once the hooks have run on the last request. */
  #close(): void {
    if (this.#accepting === undefined) this.#stream.close();
    else this.#accepting.then(() => this.#stream.close());
  }
}

/** Ends the call with the error of a request, whatever the handler returns. */
function refuse(exchange: ExchangeAccess, thrown: unknown): void {
  const error = handlerFailure(thrown);
  if (isUnexpected(error)) exchange.report(error);
  exchange.abort(GrpcError.from(error));
}
