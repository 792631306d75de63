import { ManyRequests } from "./many-requests.ts";

/** Streams in both directions, independent of each other. */
export class BidiStreamingExecution extends ManyRequests {
  protected override async handle(): Promise<void> {
    await this.sendAll(this.plan.handler(this.requests, this.call));
  }

  protected override flush(): undefined {}
}
