import {
  type ServerInterceptor as NativeServerInterceptor,
  type ServiceDefinition as NativeServiceDefinition,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { GrpcError } from "../error.ts";
import { errorStatus } from "../status.ts";
import { DispatchedCall } from "./dispatched-call.ts";
import type { Encoding, MethodPlan } from "./method-plan.ts";
import type { OpenCall, OpenCalls } from "./open-calls.ts";

/**
 * The last native interceptor of a `GrpcServer`: it runs our handlers itself when grpc-js runs the call.
 * Calls of other methods pass unchanged; they are only counted as open calls.
 *
 * @param plans by path
 */
export function dispatcher(
  plans: ReadonlyMap<string, MethodPlan>,
  openCalls: OpenCalls,
): NativeServerInterceptor {
  return (method, below) => {
    const plan = plans.get(method.path);
    return plan === undefined
      ? countedCall(below, openCalls)
      : new DispatchedCall(below, plan, openCalls);
  };
}

function countedCall(
  below: ServerInterceptingCallInterface,
  openCalls: OpenCalls,
): ServerInterceptingCall {
  const call: OpenCall = {
    awaitsRequest: false,
    fail: (error: GrpcError) => below.sendStatus(errorStatus(error)),
  };
  return new ServerInterceptingCall(below, {
    start(next) {
      const entry = openCalls.add(call);
      next({ onCancel: () => openCalls.delete(entry) });
    },
  });
}

/** The service to register with grpc-js. The dispatcher handles its calls. */
export function grpcJsService(
  plans: ReadonlyMap<string, MethodPlan>,
  encoding: Encoding,
): { definition: NativeServiceDefinition; implementation: UntypedServiceImplementation } {
  const definition: Record<string, NativeServiceDefinition[string]> = Object.create(null);
  const implementation: UntypedServiceImplementation = Object.create(null);
  for (const [localName, { method }] of plans) {
    definition[localName] =
      encoding === "own"
        ? { ...method, requestDeserialize: same, responseSerialize: same }
        : method;
    implementation[localName] = neverCalled;
  }
  return { definition, implementation };
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

function neverCalled(): void {}
