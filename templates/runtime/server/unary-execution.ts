import { encodeResponse } from "./handler-answer.ts";
import { OneRequest } from "./one-request.ts";

/** One request, one response, which leaves with the status in one go. */
export class UnaryExecution extends OneRequest {
  #reply: unknown;

  protected override async handle(): Promise<void> {
    const request = this.takeRequest();
    const init = await this.plan.handler(
      request instanceof Promise ? await request : request,
      this.call,
    );
    const reply = encodeResponse(this.plan, this.call, init);
    this.#reply = reply instanceof Promise ? await reply : reply;
  }

  protected override flush(): Promise<void> | undefined {
    this.sendHeader();
    return this.transport.send(this.#reply);
  }
}
