import type { Metadata } from "@grpc/grpc-js";
import type { Execution } from "./execution.ts";
import { ManyRequests } from "./many-requests.ts";
import type { MethodPlan } from "./method-plan.ts";
import { OneRequest } from "./one-request.ts";
import type { ServerTransport } from "./transport.ts";

/** The execution of a call by the kind of its method: how it is asked, and how it answers. */
export function createExecution(
  plan: MethodPlan,
  transport: ServerTransport,
  metadata: Metadata,
): Execution {
  return plan.method.requestStream
    ? new ManyRequests(plan, transport, metadata)
    : new OneRequest(plan, transport, metadata);
}
