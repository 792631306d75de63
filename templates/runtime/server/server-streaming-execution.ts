import { OneRequest } from "./one-request.ts";

/** One request, a stream of responses. */
export class ServerStreamingExecution extends OneRequest {
  protected override async handle(): Promise<void> {
    const request = this.takeRequest();
    const responses = this.plan.handler(
      request instanceof Promise ? await request : request,
      this.call,
    );
    await this.sendAll(responses);
  }

  protected override flush(): undefined {}
}
