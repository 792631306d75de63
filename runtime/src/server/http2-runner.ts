import type { Server, ServerOptions } from "@grpc/grpc-js";
import { noteStreamOf } from "../grpc-js-internals/idle-timeout.ts";
import type { ArrivedCall } from "./arrived-call.ts";
import { Http2Call, type ServerState } from "./http2-call.ts";
import type { MethodPlan } from "./method-plan.ts";

/** Runs a call; false leaves it to grpc-js. */
export type RunCall = (call: ArrivedCall) => boolean;

/**
 * What runs calls of our methods on their HTTP/2 streams. Undefined if grpc-js must see all calls: for
 * native interceptors, channelz or metrics of its own.
 *
 * @param options of the server; its last interceptor is ours
 * @param plans by path
 */
export function http2Runner(
  server: Server,
  options: ServerOptions,
  plans: ReadonlyMap<string, MethodPlan>,
  shared: Pick<ServerState, "openCalls" | "requestBudget" | "compression">,
): RunCall | undefined {
  const noteStream = noteStreamOf(server);
  if (noteStream === undefined || needsGrpcJs(options)) return undefined;
  const state: ServerState = {
    ...shared,
    maxReceiveMessageBytes: options["grpc.max_receive_message_length"] ?? -1,
    maxSendMessageBytes: options["grpc.max_send_message_length"] ?? -1,
  };
  return (call) => {
    const plan = plans.get(call.path);
    if (plan === undefined || !isLegal(call)) return false;
    noteStream(call.stream);
    new Http2Call(call, plan, state).run();
    return true;
  };
}

function needsGrpcJs(options: ServerOptions): boolean {
  const { interceptors = [] } = options;
  return (
    interceptors.length > 1 ||
    options["grpc.enable_channelz"] !== 0 ||
    Boolean(options["grpc.server_call_metric_recording"])
  );
}

/** Whether its headers are those of a gRPC call; `correctHeaders` marks what is not. */
function isLegal({ headers, timeoutMs }: ArrivedCall): boolean {
  if (headers["content-type"] === undefined) return false;
  return headers["grpc-timeout"] === undefined || timeoutMs !== undefined;
}
