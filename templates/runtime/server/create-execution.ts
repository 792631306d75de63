import type { Metadata } from "@grpc/grpc-js";
import type { MethodKind } from "../method.ts";
import { BidiStreamingExecution } from "./bidi-streaming-execution.ts";
import { ClientStreamingExecution } from "./client-streaming-execution.ts";
import type { Execution } from "./execution.ts";
import type { MethodPlan } from "./method-plan.ts";
import { ServerStreamingExecution } from "./server-streaming-execution.ts";
import type { ServerTransport } from "./transport.ts";
import { UnaryExecution } from "./unary-execution.ts";

type ExecutionClass = new (
  plan: MethodPlan,
  transport: ServerTransport,
  metadata: Metadata,
) => Execution;

const classes: Record<MethodKind, ExecutionClass> = {
  unary: UnaryExecution,
  server_streaming: ServerStreamingExecution,
  client_streaming: ClientStreamingExecution,
  bidi_streaming: BidiStreamingExecution,
};

export function createExecution(
  plan: MethodPlan,
  transport: ServerTransport,
  metadata: Metadata,
): Execution {
  return new classes[plan.method.kind](plan, transport, metadata);
}
