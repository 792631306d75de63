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
import { NativeCall } from "./native-call.ts";
import { NativeRequestStream, OneNativeRequest } from "./native-requests.ts";
import { NativeResponseStream, OneNativeResponse } from "./native-responses.ts";

/**
 * Makes handlers usable by an ordinary `grpc.Server`:
 * `server.addService(registration.definition, toImplementation(registration))`.
 *
 * The behaviour is `GrpcServer`'s, with two exceptions that are grpc-js' own: it decodes requests
 * before the interceptors run, and it sends stream messages one by one, which is slower.
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
        new NativeCall(
          plan,
          call,
          (events) => new OneNativeRequest(call.request, events),
          new OneNativeResponse(callback),
        ).begin();
    case "server_streaming":
      return (call: ServerWritableStream<unknown, unknown>) =>
        new NativeCall(
          plan,
          call,
          (events) => new OneNativeRequest(call.request, events),
          new NativeResponseStream(call),
        ).begin();
    case "client_streaming":
      return (call: ServerReadableStream<unknown, unknown>, callback: sendUnaryData<unknown>) =>
        new NativeCall(
          plan,
          call,
          (events) => new NativeRequestStream(call, events),
          new OneNativeResponse(callback),
        ).begin();
    case "bidi_streaming":
      return (call: ServerDuplexStream<unknown, unknown>) =>
        new NativeCall(
          plan,
          call,
          (events) => new NativeRequestStream(call, events),
          new NativeResponseStream(call),
        ).begin();
  }
}
