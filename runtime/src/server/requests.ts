import type { Message } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import { GrpcError, isUnexpected } from "../error.ts";
import { type MessageSource, MessageStream } from "../message-stream.ts";
import { Answering } from "./answering.ts";
import type { MethodPlan } from "./method-plan.ts";
import { ownFailure } from "./own-failure.ts";
import type { ServerTransport } from "./transport.ts";

/** Calls with exactly one request: unary and server streaming. */
export class OneRequest extends Answering {
  awaitsRequest = true;
  #request: unknown;
  #received = 0;

  override begin(): void {
    this.transport.read();
  }

  protected override start(): void {
    this.awaitsRequest = false;
    super.start();
  }

  override onMessage(request: unknown): void {
    this.#request = request;
    this.#received += 1;
    if (this.#received > 1) this.start();
    else this.transport.read();
  }

  override onHalfClose(): void {
    this.start();
  }

  protected override invoke(): unknown {
    const request = this.#takeRequest();
    const { handler } = this.plan;
    return request instanceof Promise
      ? request.then((hooked) => handler(hooked, this.call))
      : handler(request, this.call);
  }

  /** The request, decoded and hooked. */
  #takeRequest(): Message | Promise<Message> {
    if (this.#received !== 1) {
      const problem = this.#received === 0 ? "no request" : "more than one request";
      throw new GrpcError("UNIMPLEMENTED", `${this.plan.method.path} got ${problem}`);
    }
    const request = this.#request;
    // Nothing keeps the bytes alive while the handler runs.
    this.#request = undefined;
    return this.call.runRequestHooks(this.plan.decode(request));
  }
}

/**
 * How long an end of the requests is doubted, in milliseconds. Node's http2 clients, grpc-js' among
 * them, cancel with END_STREAM and then RST_STREAM, mostly in two packets: without a moment's wait
 * every upload that was cut off would look complete to its handler.
 */
const cutOffMs = 1;

/** Calls with a stream of requests: client streaming and bidirectional. */
export class ManyRequests extends Answering implements MessageSource {
  readonly awaitsRequest = false;
  readonly #requests: MessageStream;
  /** The transport has been asked for a request, which has not arrived. */
  #reading = false;
  /** A request as it has arrived. */
  #received: unknown;
  /** Settles when hooks that take their time have seen the request; then it is `#accepted`. */
  #accepting: Promise<void> | undefined;
  #accepted: Message | undefined;

  constructor(plan: MethodPlan, transport: ServerTransport, metadata: Metadata) {
    super(plan, transport, metadata);
    this.#requests = new MessageStream(this);
  }

  override begin(): void {
    this.start();
  }

  override onMessage(request: unknown): void {
    this.#reading = false;
    this.#received = request;
    this.#requests.arrived();
  }

  override onHalfClose(): void {
    // On a busy server the timer fires before the sockets have been read: they come first.
    setTimeout(() => setImmediate(() => this.#close()), cutOffMs);
  }

  protected override invoke(): unknown {
    return this.plan.handler(this.#requests, this.call);
  }

  protected override abort(reason: GrpcError): void {
    super.abort(reason);
    this.#requests.abort(reason);
  }

  takeMessage(): Message | undefined {
    if (this.#accepting !== undefined) return undefined;
    const accepted = this.#accepted;
    if (accepted !== undefined) {
      this.#accepted = undefined;
      return accepted;
    }
    const received = this.#receive();
    if (received === undefined) return undefined;
    try {
      const message = this.call.runRequestHooks(this.plan.decode(received));
      if (!(message instanceof Promise)) return message;
      this.#accepting = this.#accept(message);
    } catch (error) {
      this.#refuse(error);
    }
    return undefined;
  }

  /** The handler needs no further request; what still comes is dropped when the call ends. */
  leave(): void {}

  /** The next request, if there is one without waiting. */
  #receive(): unknown {
    if (this.#received === undefined && !this.#reading) {
      this.#reading = true;
      // The answer may come at once.
      this.transport.read();
    }
    const received = this.#received;
    this.#received = undefined;
    return received;
  }

  async #accept(message: Promise<Message>): Promise<void> {
    try {
      this.#accepted = await message;
      this.#accepting = undefined;
      this.#requests.arrived();
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Ends the call with this error, whatever the handler makes of it. */
  #refuse(thrown: unknown): void {
    const error = ownFailure(thrown);
    if (isUnexpected(error)) this.report(error);
    this.abort(GrpcError.from(error));
  }

  /** Not before hooks have seen the last request. */
  #close(): void {
    if (this.#accepting === undefined) this.#requests.close();
    else this.#accepting.then(() => this.#requests.close());
  }
}
