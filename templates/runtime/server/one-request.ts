import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import { Execution } from "./execution.ts";

/** Calls with exactly one request: unary and server streaming. */
export abstract class OneRequest extends Execution {
  #requests: unknown[] = [];

  override begin(): void {
    this.transport.read();
  }

  override onMessage(request: unknown): void {
    this.#requests.push(request);
    if (this.#requests.length > 1) this.start();
    else this.transport.read();
  }

  override onHalfClose(): void {
    this.start();
  }

  /** The request, decoded and hooked. */
  protected takeRequest(): Message | Promise<Message> {
    const [request] = this.#requests;
    const count = this.#requests.length;
    // Nothing keeps the bytes alive while the handler runs.
    this.#requests = [];
    if (count !== 1) {
      const problem = count === 0 ? "no request" : "more than one request";
      throw new GrpcError("UNIMPLEMENTED", `${this.plan.method.path} got ${problem}`);
    }
    return this.call.runRequestHooks(this.plan.decode(request));
  }
}
