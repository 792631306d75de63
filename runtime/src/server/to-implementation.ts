import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { ServiceRegistration } from "../implement.ts";
import { type MethodPlan, type PlanOptions, planMethods } from "./method-plan.ts";
import { PlainCall } from "./plain-call.ts";
import { OnePlainRequest, PlainRequestStream } from "./plain-requests.ts";
import { OnePlainResponse, PlainResponseStream } from "./plain-responses.ts";

/**
 * Makes handlers usable by an ordinary `grpc.Server`:
 * `server.addService(registration.definition, toImplementation(registration))`.
 *
 * It behaves as `GrpcServer` does, with two exceptions: grpc-js decodes requests before the
 * interceptors run, and it sends the messages of a stream one by one, which is slower.
 */
export function toImplementation(
  registration: ServiceRegistration,
  options: PlanOptions = {},
): UntypedServiceImplementation {
  const implementation: UntypedServiceImplementation = Object.create(null);
  for (const [localName, plan] of planMethods(registration, options, "grpc-js")) {
    implementation[localName] = handlerOf(plan);
  }
  return implementation;
}

function handlerOf(plan: MethodPlan): UntypedHandleCall {
  switch (plan.method.kind) {
    case "unary":
      return (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) =>
        new PlainCall(
          plan,
          call,
          (listener) => new OnePlainRequest(call.request, listener),
          new OnePlainResponse(callback),
        ).open();
    case "server_streaming":
      return (call: ServerWritableStream<unknown, unknown>) =>
        new PlainCall(
          plan,
          call,
          (listener) => new OnePlainRequest(call.request, listener),
          new PlainResponseStream(call),
        ).open();
    case "client_streaming":
      return (call: ServerReadableStream<unknown, unknown>, callback: sendUnaryData<unknown>) =>
        new PlainCall(
          plan,
          call,
          (listener) => new PlainRequestStream(call, listener),
          new OnePlainResponse(callback),
        ).open();
    case "bidi_streaming":
      return (call: ServerDuplexStream<unknown, unknown>) =>
        new PlainCall(
          plan,
          call,
          (listener) => new PlainRequestStream(call, listener),
          new PlainResponseStream(call),
        ).open();
  }
}
