import { type StartServer, startGrpcServer, startPlainServer } from "./service/start-server.ts";

/** Both kinds of server, of which the same is asked. */
export const startServers: readonly { readonly name: string; readonly start: StartServer }[] = [
  { name: "GrpcServer", start: startGrpcServer },
  { name: "grpc.Server with toImplementation", start: startPlainServer },
];
