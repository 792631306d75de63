import type { ServiceDefinition as GrpcJsServiceDefinition } from "@grpc/grpc-js";
import type { HandlersOf } from "../handlers.ts";
import {
  implement,
  methodNamed,
  type ServiceRegistration,
  type UntypedHandler,
} from "../implement.ts";
import type { ServiceDefinition } from "../method.ts";
import { adoptHandler, type OldHandler } from "./adopt-handler.ts";
import { oldMethod } from "./old-method.ts";

/** A service as it was passed to `addService` of grpc-js, and what has been rewritten since. */
export interface AdoptedService<Definition extends ServiceDefinition> {
  /** The old definition: of proto-loader, ts-proto or grpc-tools. */
  readonly service: GrpcJsServiceDefinition;
  /** The old handlers: an object or an instance of a class. */
  readonly implementation: object;
  /** Handlers that are rewritten already, by local name. They win. */
  readonly handlers?: Partial<HandlersOf<Definition>>;
}

/**
 * Registers a service whose handlers were written for grpc-js, with `call` and `callback`. They run as
 * they are, behind the interceptors, limits and health of the server, and take and return the values of
 * their own code generator: each message is encoded and decoded once more. Rewrite them one by one, in
 * `handlers`.
 *
 * Three things differ from grpc-js. `sendMetadata` adds to the headers, which leave with the first
 * message. A handler that throws, or whose promise rejects, ends the call with INTERNAL and is logged.
 * `getAuthContext` and `getMetricsRecorder` do not exist: `CallContext` has the certificate.
 *
 * @example
 * ```ts
 * adopt(userServiceDefinition, {
 *   service: loadPackageDefinition(loadSync("user.proto")).user.UserService.service,
 *   implementation: oldHandlers,
 *   handlers: { getUser: getUser(dependencies) },
 * })
 * ```
 *
 * @param definition the generated definition of the same service
 */
export function adopt<Definition extends ServiceDefinition>(
  definition: Definition,
  { service, implementation, handlers = {} }: AdoptedService<Definition>,
): ServiceRegistration {
  const oldMethods = new Map(Object.entries(service).map((entry) => [entry[1].path, entry]));
  const combined = new Map<string, UntypedHandler>(implement(definition, handlers).handlers);
  for (const [name, method] of Object.entries(definition)) {
    const [oldName, old] = oldMethods.get(method.path) ?? [];
    if (Object.hasOwn(handlers, name) || oldName === undefined || old === undefined) continue;
    // grpc-js knows a method by two names.
    const run =
      methodNamed<OldHandler>(oldName, implementation) ??
      methodNamed<OldHandler>(old.originalName ?? oldName, implementation);
    if (run !== undefined) combined.set(name, adoptHandler(oldMethod(method, old), run));
  }
  return { definition, handlers: combined };
}
