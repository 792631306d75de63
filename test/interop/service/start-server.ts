import { Server, ServerCredentials } from "@grpc/grpc-js";
import { implement } from "../../../runtime/src/index.ts";
import {
  GrpcServer,
  guardConnections,
  toImplementation,
} from "../../../runtime/src/server/index.ts";
import { testServiceDefinition } from "../gen/grpc/testing/test_grpc.ts";
import { echoMetadata } from "./echo-metadata.ts";
import { testServiceHandlers } from "./test-service.ts";

export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a test server. @param address `host:port` */
export type StartServer = (
  address: string,
  credentials?: ServerCredentials,
) => Promise<RunningServer>;

const testService = implement(testServiceDefinition, testServiceHandlers);
const options = { interceptors: [echoMetadata] };
const graceMs = 1_000;

/** The test service on our own server. */
export const startGrpcServer: StartServer = async (address, credentials) => {
  const server = new GrpcServer({ services: [testService], ...options });
  const port = await server.listen(address, credentials);
  return { port, stop: () => server.stop(graceMs) };
};

/** The test service on an ordinary server of grpc-js. */
export const startPlainServer: StartServer = async (
  address,
  credentials = ServerCredentials.createInsecure(),
) => {
  const server = new Server();
  server.addService(testService.definition, toImplementation(testService, options));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  guardConnections(server);
  return { port, stop: async () => server.forceShutdown() };
};
