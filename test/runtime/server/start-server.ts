import type { ServerOptions } from "@grpc/grpc-js";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp } from "../support/echo.ts";

export interface StartedServer {
  readonly server: GrpcServer;
  readonly port: number;
  readonly address: string;
}

/** A `GrpcServer` that listens until the test is over. */
export async function startServer(
  handlers: Partial<EchoHandlers>,
  channelOptions: ServerOptions = {},
): Promise<StartedServer> {
  const server = new GrpcServer({
    services: [implement(echoDefinition, handlers)],
    channelOptions,
  });
  const port = await server.listen("127.0.0.1:0");
  cleanUp(() => server.stop(0));
  return { server, port, address: `127.0.0.1:${port}` };
}
