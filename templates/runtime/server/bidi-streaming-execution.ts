import type { WireStatus } from "../status.ts";
import { ManyRequests } from "./many-requests.ts";

/** Streams in both directions, independent of each other. */
export class BidiStreamingExecution extends ManyRequests {
  protected override take(answer: unknown): Promise<void> {
    return this.sendAll(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.endStream(status);
  }
}
