import type { WireStatus } from "../status.ts";
import { OneRequest } from "./one-request.ts";

/** One request, a stream of responses. */
export class ServerStreamingExecution extends OneRequest {
  protected override take(answer: unknown): Promise<void> {
    return this.sendAll(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.endStream(status);
  }
}
