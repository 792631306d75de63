import { encodeResponse } from "./handler-answer.ts";
import { ManyRequests } from "./many-requests.ts";

/** A stream of requests, one response. */
export class ClientStreamingExecution extends ManyRequests {
  #reply: unknown;

  protected override async handle(): Promise<void> {
    const init = await this.plan.handler(this.requests, this.call);
    this.#reply = await encodeResponse(this.plan, this.call, init);
  }

  protected override flush(): Promise<void> | undefined {
    this.sendHeader();
    return this.transport.send(this.#reply);
  }
}
