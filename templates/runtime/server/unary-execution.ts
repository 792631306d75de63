import type { WireStatus } from "../status.ts";
import { OneRequest } from "./one-request.ts";

/** One request, one response. */
export class UnaryExecution extends OneRequest {
  protected override take(answer: unknown): Promise<void> | undefined {
    return this.keepReply(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.sendReply(status);
  }
}
