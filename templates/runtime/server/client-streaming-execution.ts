import type { WireStatus } from "../status.ts";
import { ManyRequests } from "./many-requests.ts";

/** A stream of requests, one response. */
export class ClientStreamingExecution extends ManyRequests {
  protected override take(answer: unknown): Promise<void> | undefined {
    return this.keepReply(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.sendReply(status);
  }
}
