import { ManyRequests } from "./many-requests.ts";

/** A stream of requests, one response. */
export class ClientStreamingExecution extends ManyRequests {
  #reply: unknown;

  protected override async handle(): Promise<void> {
    const init = await this.plan.handler(this.requests, this.call);
    this.#reply = await this.encode(init);
  }

  protected override flush(): Promise<void> | undefined {
    this.sendHeader();
    return this.transport.send(this.#reply);
  }
}
