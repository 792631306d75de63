import * as grpc from "@grpc/grpc-js";
import { implement, type ServerLimits } from "../../../runtime/src/index.ts";
import {
  channelOptionsOf,
  GrpcServer,
  guardConnections,
  type OnAbuse,
  toImplementation,
} from "../../../runtime/src/server/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { bind } from "./bind.ts";
import { cleanUp } from "./echo.ts";
import { patient } from "./patient.ts";

/** One kind of server with limits; it listens until the test is over. */
export interface Kind {
  readonly name: string;
  listen(
    handlers: Partial<EchoHandlers>,
    limits: Partial<ServerLimits>,
    credentials?: grpc.ServerCredentials,
    onAbuse?: OnAbuse,
  ): Promise<number>;
}

export const own: Kind = {
  name: "GrpcServer",
  listen(handlers, limits, credentials, onAbuse = () => {}) {
    const services = [implement(echoDefinition, handlers)];
    const server = new GrpcServer({ services, limits: { ...patient, ...limits }, onAbuse });
    cleanUp(() => server.stop(0));
    return server.listen("127.0.0.1:0", credentials);
  },
};

export const plain: Kind = {
  name: "grpc.Server",
  async listen(handlers, limits, credentials, onAbuse = () => {}) {
    const server = new grpc.Server(channelOptionsOf(limits));
    cleanUp(() => server.forceShutdown());
    server.addService(echoDefinition, toImplementation(implement(echoDefinition, handlers)));
    const port = await bind(server, credentials);
    guardConnections(server, limits, { onAbuse });
    return port;
  },
};
