import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import { Answering } from "./answering.ts";

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
