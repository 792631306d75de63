import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { type AnyDefinition, loadSync, type ServiceDefinition } from "@grpc/proto-loader";
import { adopt } from "../../../runtime/src/adopt/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { bind } from "../support/bind.ts";
import { cleanUp } from "../support/echo.ts";

export type Call = grpc.ServerUnaryCall<Value, Value>;
export type Reader = grpc.ServerReadableStream<Value, Value>;
export type Writer = grpc.ServerWritableStream<Value, Value>;
export type Duplex = grpc.ServerDuplexStream<Value, Value>;
export type Callback = grpc.sendUnaryData<Value>;

/** A message of proto-loader. */
export interface Value {
  readonly text?: string;
  readonly number?: number;
}

const proto = fileURLToPath(new URL("../proto/echo.proto", import.meta.url));
const loaded = loadSync(proto, { keepCase: true, defaults: true });
export const service = asService(loaded["runtime.test.Echo"]);

function asService(definition: AnyDefinition | undefined): ServiceDefinition {
  if (definition === undefined || !isService(definition)) throw new Error("no service");
  return definition;
}

function isService(definition: AnyDefinition): definition is ServiceDefinition {
  return !("format" in definition);
}

/** Started with the same old handlers. */
export const servers = {
  async "grpc-js"(implementation: grpc.UntypedServiceImplementation) {
    const server = new grpc.Server();
    server.addService(service, implementation);
    cleanUp(() => server.forceShutdown());
    return bind(server);
  },
  async adopted(
    implementation: object,
    handlers: Partial<EchoHandlers> = {},
    errors: unknown[] = [],
  ) {
    const registration = adopt(echoDefinition, {
      service,
      implementation,
      handlers,
    });
    const server = new GrpcServer({
      services: [registration],
      onError: (error) => void errors.push(error),
    });
    cleanUp(() => server.stop(0));
    return server.listen("127.0.0.1:0");
  },
};

/** What grpc-js takes if a handler is missing; only the methods of a test are called. */
export function withDefaults(some: Record<string, unknown>): grpc.UntypedServiceImplementation {
  const none = () => {};
  return { Unary: none, ServerStream: none, ClientStream: none, Bidi: none, ...some };
}

export const metadata = (key: string, value: string) => {
  const entries = new grpc.Metadata();
  entries.set(key, value);
  return entries;
};
