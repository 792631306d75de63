import type { Message } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import { GrpcError, isUnexpected } from "../error.ts";
import { type MessageSource, MessageStream } from "../message-stream.ts";
import { Answering } from "./answering.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { ServerTransport } from "./transport.ts";

/**
 * How long an end of the requests is doubted, in milliseconds. Node's http2 clients, grpc-js' among
 * them, cancel with END_STREAM and then RST_STREAM, mostly in two packets: without a moment's wait
 * every upload that was cut off would look complete to its handler.
 */
const cutOffMs = 1;

/** Calls with a stream of requests: client streaming and bidirectional. */
export abstract class ManyRequests extends Answering implements MessageSource {
  readonly awaitsRequest = false;
  protected readonly requests: MessageStream;

  constructor(plan: MethodPlan, transport: ServerTransport, metadata: Metadata) {
    super(plan, transport, metadata);
    this.requests = new MessageStream(this);
  }

  override begin(): void {
    this.start();
  }

  override onMessage(request: unknown): void {
    this.requests.push(request);
  }

  override onHalfClose(): void {
    // On a busy server the timer fires before the sockets have been read: they come first.
    setTimeout(() => setImmediate(() => this.requests.close()), cutOffMs);
  }

  protected override invoke(): unknown {
    return this.plan.handler(this.requests, this.call);
  }

  protected override abort(reason: GrpcError): void {
    super.abort(reason);
    this.requests.abort(reason);
  }

  read(): void {
    this.transport.read();
  }

  accept(request: unknown): Message | Promise<Message> {
    return this.call.runRequestHooks(this.plan.decode(request));
  }

  /** Ends the call with this error, whatever the handler makes of it. */
  refuse(error: unknown): void {
    if (isUnexpected(error)) this.report(error);
    this.abort(GrpcError.from(error));
  }

  /** The handler needs no further request; what still comes is dropped when the call ends. */
  leave(): void {}
}
