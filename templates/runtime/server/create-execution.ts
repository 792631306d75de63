import type { Metadata } from "@grpc/grpc-js";
import type { MethodKind } from "../method.ts";
import type { WireStatus } from "../status.ts";
import type { Execution } from "./execution.ts";
import { ManyRequests } from "./many-requests.ts";
import type { MethodPlan } from "./method-plan.ts";
import { OneRequest } from "./one-request.ts";
import type { ServerTransport } from "./transport.ts";

type ExecutionClass = new (
  plan: MethodPlan,
  transport: ServerTransport,
  metadata: Metadata,
) => Execution;

/** One request, one response. */
class UnaryExecution extends OneRequest {
  protected override take(answer: unknown): Promise<void> | undefined {
    return this.keepReply(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.sendReply(status);
  }
}

/** One request, a stream of responses. */
class ServerStreamingExecution extends OneRequest {
  protected override take(answer: unknown): Promise<void> {
    return this.sendAll(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.endStream(status);
  }
}

/** A stream of requests, one response. */
class ClientStreamingExecution extends ManyRequests {
  protected override take(answer: unknown): Promise<void> | undefined {
    return this.keepReply(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.sendReply(status);
  }
}

/** Streams in both directions, independent of each other. */
class BidiStreamingExecution extends ManyRequests {
  protected override take(answer: unknown): Promise<void> {
    return this.sendAll(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.endStream(status);
  }
}

const classes: Record<MethodKind, ExecutionClass> = {
  unary: UnaryExecution,
  server_streaming: ServerStreamingExecution,
  client_streaming: ClientStreamingExecution,
  bidi_streaming: BidiStreamingExecution,
};

/** The execution of a call by the kind of its method. */
export function createExecution(
  plan: MethodPlan,
  transport: ServerTransport,
  metadata: Metadata,
): Execution {
  return new classes[plan.method.kind](plan, transport, metadata);
}
