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
 * A grpc-js interceptor, to be the last one, that runs our handlers itself. Methods it does not know
 * pass through untouched; they are only counted among the open calls.
 *
 * @param plans by path
 */
export function dispatcher(
  plans: ReadonlyMap<string, MethodPlan>,
  openCalls: OpenCalls,
): NativeServerInterceptor {
  return (method, native) => {
    const plan = plans.get(method.path);
    return plan === undefined
      ? countedCall(native, openCalls)
      : new DispatchedCall(native, plan, openCalls);
  };
}

function countedCall(
  native: ServerInterceptingCallInterface,
  openCalls: OpenCalls,
): ServerInterceptingCall {
  const call: OpenCall = {
    awaitsRequest: false,
    end: (error: GrpcError) => native.sendStatus(errorStatus(error)),
  };
  return new ServerInterceptingCall(native, {
    start(next) {
      const entry = openCalls.add(call);
      next({ onCancel: () => openCalls.delete(entry) });
    },
  });
}

/** What grpc-js must know to let our calls through to the dispatcher. */
export function registrable(
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
