import * as grpc from "@grpc/grpc-js";
import { implement, type ServerInterceptor } from "../../../runtime/src/index.ts";
import {
  GrpcServer,
  guardConnections,
  type InterceptorsOf,
  type OnError,
  toImplementation,
} from "../../../runtime/src/server/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { bind } from "./bind.ts";
import { patient } from "./patient.ts";

export interface RunningServer {
  readonly port: number;
  readonly address: string;
  /** The errors that `onError` was called with. */
  readonly errors: unknown[];
  close(): Promise<void>;
}

export interface EchoOptions {
  readonly handlers?: Partial<EchoHandlers>;
  readonly interceptors?: readonly ServerInterceptor[] | InterceptorsOf;
  readonly onError?: OnError;
}

/** One way to run handlers on a socket. */
export interface Driver {
  readonly name: string;
  start(options: EchoOptions): Promise<RunningServer>;
}

const passThrough: grpc.ServerInterceptor = (_method, call) =>
  new grpc.ServerInterceptingCall(call, {
    // Messages take a turn of the event loop, which is what breaks pipelining.
    sendMessage: (message, next) => setImmediate(next, message),
  });

function settings({ interceptors = [], onError }: EchoOptions, errors: unknown[]) {
  return {
    interceptors,
    onError: onError ?? ((error: unknown) => void errors.push(error)),
  };
}

async function startOwn(
  options: EchoOptions,
  channelOptions: grpc.ServerOptions,
): Promise<RunningServer> {
  const errors: unknown[] = [];
  const server = new GrpcServer({
    services: [implement(echoDefinition, options.handlers ?? {})],
    ...settings(options, errors),
    limits: patient,
    channelOptions,
  });
  const port = await server.listen("127.0.0.1:0");
  return { port, address: `127.0.0.1:${port}`, errors, close: () => server.stop(0) };
}

async function startNative(options: EchoOptions): Promise<RunningServer> {
  const errors: unknown[] = [];
  const registration = implement(echoDefinition, options.handlers ?? {});
  const server = new grpc.Server();
  server.addService(
    registration.definition,
    toImplementation(registration, settings(options, errors)),
  );
  const port = await bind(server);
  guardConnections(server);
  return {
    port,
    address: `127.0.0.1:${port}`,
    errors,
    close: async () => server.forceShutdown(),
  };
}

/** All of them must behave alike. */
export const drivers: readonly Driver[] = [
  { name: "GrpcServer", start: (options) => startOwn(options, {}) },
  {
    name: "GrpcServer behind a native interceptor",
    start: (options) => startOwn(options, { interceptors: [passThrough] }),
  },
  { name: "grpc.Server with toImplementation", start: startNative },
];
